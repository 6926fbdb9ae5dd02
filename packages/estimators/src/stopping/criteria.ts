import { invalidArgument, requireFinite, requireInteger, requireOneOf } from '@posttrain/core'
import { betaCdf } from '../special/beta.js'
import { integral } from '../special/gauss-legendre.js'
import { poissonProbability } from '../special/poisson.js'

/**
 * The probability that the leading answer is more likely than the runner-up, given their votes and uniform priors:
 * 1 − I_{1/2}(v₁+1, v₂+1) (Aggarwal et al. 2023, Adaptive-Consistency, https://arxiv.org/abs/2305.11860).
 *
 * @param first votes of the leading answer
 * @param second votes of the runner-up
 * @returns a probability
 * @throws PosttrainError `invalid-argument` for votes that are not counts
 * @example
 * ```ts
 * betaLead(4, 0) // => 0.96875
 * ```
 */
export function betaLead(first: number, second: number): number {
  requireInteger('first', first, { min: 0 })
  requireInteger('second', second, { min: 0 })
  return betaCdf(0.5, second + 1, first + 1)
}

/** The sum of a tail takes some √votes steps, at each of 500 points and for each answer. */
const MOST_VOTES = 1_000_000

/** Panels of the integral; the integrand is smooth, and these leave an error below 1e-12. */
const PANELS = 100

/**
 * The probability that the answer with the most votes is the most likely one, under a Dirichlet posterior with a
 * uniform prior over the answers given (Aggarwal et al. 2023, https://arxiv.org/abs/2305.11860).
 *
 * P = ∫ γ(x; v₁+1) Π_j P(v_j+1, x) dx over independent gamma variables. Answers that might still turn up can be
 * entered with 0 votes.
 *
 * @param votes (answers): counts, of at least one answer
 * @returns a probability
 * @throws PosttrainError `invalid-argument` for no answers, or votes that are not counts of at most a million
 * @example
 * ```ts
 * dirichletLead([5, 1, 1]) // => 0.89
 * ```
 */
export function dirichletLead(votes: readonly number[]): number {
  votes.forEach((count, i) => requireInteger(`votes[${i}]`, count, { min: 0, max: MOST_VOTES }))
  if (votes.length === 0) throw invalidArgument('votes must have at least one answer')
  const [first, ...others] = [...votes].sort((a, b) => b - a) as [number, ...number[]]
  const shape = first + 1
  const from = Math.max(0, shape - 12 * Math.sqrt(shape))
  const to = shape + 12 * Math.sqrt(shape) + 40
  // The density of a gamma variable of shape v + 1 at x is the probability of v Poisson events at the rate x.
  const density = (x: number): number =>
    others.reduce((product, count) => product * gammaCdf(count + 1, x), poissonProbability(first, x))
  return Math.min(1, integral(density, from, to, PANELS))
}

/** P(Gamma(shape) ≤ x) for a whole shape: the tail of Poisson(x) from `shape` on, summed away from its largest term. */
function gammaCdf(shape: number, x: number): number {
  const below = x > shape // the tail below the shape is then the smaller one
  let count = below ? shape - 1 : shape
  let term = poissonProbability(count, x)
  let sum = 0
  while (term > 1e-18 * sum) {
    sum += term
    term *= below ? count-- / x : x / ++count
  }
  return below ? 1 - sum : sum
}

/** When to stop drawing votes. */
export interface StoppingRule {
  /** `beta` looks at the two leading answers (default), `dirichlet` at all. */
  readonly criterion?: 'beta' | 'dirichlet' | undefined
  /** Stop once the leader is ahead with this probability, on (½, 1) (default 0.95). */
  readonly threshold?: number | undefined
}

/**
 * Whether a vote is decided: the probability that the leading answer is truly ahead has reached the threshold.
 *
 * What is counted after stopping so is not an independent sample: see `estimateAfterStopping`.
 *
 * @param votes (answers seen): counts
 * @returns false where nobody voted
 * @throws PosttrainError `invalid-argument` for votes that are not counts or a threshold outside (½, 1)
 * @example
 * ```ts
 * isVoteDecided([4]) // => true
 * ```
 */
export function isVoteDecided(votes: readonly number[], rule: StoppingRule = {}): boolean {
  const { criterion = 'beta', threshold = 0.95 } = rule
  requireFinite('threshold', threshold, { above: 0.5, below: 1 })
  requireOneOf('criterion', criterion, ['beta', 'dirichlet'])
  if (votes.length === 0) return false
  const [first = 0, second = 0, ...others] = [...votes].sort((a, b) => b - a)
  const lead = criterion === 'beta' ? betaLead(first, second) : dirichletLead([first, second, ...others])
  return lead >= threshold
}
