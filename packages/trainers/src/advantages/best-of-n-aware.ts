import {
  invalidArgument,
  requireEnoughSamples,
  requireFinite,
  requireInteger,
  requireOneOf,
  sum,
} from '@posttrain/core'
import type { Bias, ScoredOutcome, Task } from '@posttrain/core'
import { binaryRewards, passAtK } from '@posttrain/estimators'
import type { AdvantageEstimator } from './advantage-estimator.js'

/** Settings of BoN-RLB. */
export interface BestOfNAwareOptions {
  /** Samples that best-of-n chooses from. */
  readonly n: number
  /** Learn from chosen correct answers alone (default), or from chosen wrong ones too. */
  readonly signs?: 'correct-only' | 'both' | undefined
  /**
   * Probability that one sample of the present policy fails, where it is known; absent: estimated from the other
   * samples.
   */
  readonly failure?: ((task: Task) => number) | undefined
  /** Most that a weight may be: biases, and is part of the name. Needed for `both` with an estimated failure. */
  readonly clip?: number | undefined
}

/**
 * BoN-RLB, training on what best-of-n with a verifier would choose (Chow et al. 2024,
 * https://arxiv.org/abs/2412.15287): the target is pass@n = 1 − pⁿ, p the probability of failure. A chosen correct
 * answer gets ḡ⁺ = n·pⁿ⁻¹(1−p)/(1−pⁿ), or with `both` signs g⁺ = n·pⁿ⁻¹/(1−pⁿ), and a chosen wrong one **plus** g⁻ =
 * n·p/(1−p): positive, since its sum with the other is what is exact.
 *
 * Of a group of m ≥ n samples every n-subset is a draw of best-of-n; the mean over subsets is taken exactly, so that c
 * correct samples share m times the weight times the group's pass@n.
 *
 * Exact for a known p. With p estimated as the rate of failure among the other m − 1 samples the step is off by a
 * factor that depends on the prompt, `bestOfNAwareScale`: easy prompts count too much. For n = 4 at p = 0.1, 0.5 and
 * 0.9 it is 15.7, 1.84 and
 * 1.08 with m = 4, and 1.93, 1.09 and 1.01 with m = 32. With correct answers alone and n ≤ 2 it is 1: the group's
 * pass@2 cancels the weight's denominator.
 *
 * @returns a rule for groups of at least n samples with rewards of 0 and 1
 * @throws PosttrainError `invalid-argument` for options out of range, or `both` with an estimated p and no clip
 * @example
 * ```ts
 * bestOfNAwareAdvantages({ n: 4, failure: () => 0.6 }).bias(4) // => { kind: 'exact' }
 * ```
 */
export function bestOfNAwareAdvantages(options: BestOfNAwareOptions): AdvantageEstimator {
  const { n, signs = 'correct-only', failure, clip } = options
  requireInteger('n', n, { min: 1 })
  requireOneOf('signs', signs, ['correct-only', 'both'])
  if (clip !== undefined) requireFinite('clip', clip, { min: 0 })
  if (signs === 'both' && !failure && clip === undefined) {
    throw invalidArgument(
      'weights of both signs grow without bound where all other samples failed, and there is no clip',
      'give a clip, or the failure probability, or use signs: correct-only, which needs neither',
    )
  }
  const name = `best-of-${n} aware${signs === 'both' ? ', both signs' : ''}${clip === undefined ? '' : `, clipped at ${clip}`}`
  const minimumSamples = Math.max(n, failure ? 1 : 2)
  return {
    name,
    target: `pass@${n}`,
    minimumSamples,
    needs: [],
    bias: () => biasOf(options),
    advantages: (groups) =>
      groups.map(({ task, outcomes }) => {
        requireEnoughSamples(name, minimumSamples, outcomes.length)
        const known = failure?.(task)
        if (known !== undefined) requireFinite(`failure of task ${task.id}`, known, { min: 0, max: 1 })
        return { advantages: groupAdvantages(binaryRewards(name, outcomes), options, known) }
      }),
  }
}

function biasOf({ n, signs = 'correct-only', failure, clip }: BestOfNAwareOptions): Bias {
  if (clip !== undefined)
    return { kind: 'direction-changing', reason: 'hard prompts count for less than they should, by the clip' }
  if (failure || (n <= 2 && signs === 'correct-only')) return { kind: 'exact' }
  return {
    kind: 'direction-changing',
    reason: 'prompts are weighted by bestOfNAwareScale, since the weights are not linear in the estimated failure rate',
  }
}

function groupAdvantages(rewards: Float64Array, options: BestOfNAwareOptions, known: number | undefined): number[] {
  const m = rewards.length
  const c = sum(rewards)
  const solved = passAtK(m, c, options.n)
  // Of the correct samples one is chosen wherever a subset has any; of the wrong ones otherwise.
  const correct = c === 0 ? 0 : ((m * solved) / c) * weight(1, known ?? (m - c) / (m - 1), options)
  const wrong = c === m ? 0 : ((m * (1 - solved)) / (m - c)) * weight(0, known ?? (m - c - 1) / (m - 1), options)
  return Array.from(rewards, (reward) => (reward === 1 ? correct : wrong))
}

/** g⁺, ḡ⁺ or g⁻ at failure probability p, with their limits at 0 and 1. */
function weight(reward: 0 | 1, p: number, { n, signs = 'correct-only', clip = Infinity }: BestOfNAwareOptions): number {
  if (reward === 0) return signs === 'correct-only' ? 0 : Math.min(clip, p === 1 ? Infinity : (n * p) / (1 - p))
  // (1 − p)/(1 − pⁿ) = 1/(1 + p + … + pⁿ⁻¹) is finite everywhere.
  let geometric = 0
  for (let i = 0; i < n; i++) geometric += p ** i
  const correctOnly = (n * p ** (n - 1)) / geometric
  return Math.min(clip, signs === 'correct-only' ? correctOnly : p === 1 ? Infinity : correctOnly / (1 - p))
}

/**
 * The exact factor between the expected step of `bestOfNAwareAdvantages` and the gradient of pass@n, for a prompt that
 * the policy fails with probability p: Σ_c Binomial(m, c) [c·A⁺/(1−p) − (m−c)·A⁻/p] / (m·n·pⁿ⁻¹).
 *
 * @param p probability of failure, strictly between 0 and 1
 * @param m samples in the group
 * @returns 1 where the rule is exact
 * @throws PosttrainError `invalid-argument` for p outside (0, 1) or fewer samples than the rule needs
 * @example
 * ```ts
 * bestOfNAwareScale(0.5, 4, { n: 4 }) // => 1.838462
 * ```
 */
export function bestOfNAwareScale(p: number, m: number, options: BestOfNAwareOptions): number {
  requireFinite('p', p, { above: 0, below: 1 })
  const rule = bestOfNAwareAdvantages(options)
  requireInteger('m', m, { min: rule.minimumSamples })
  let scale = 0
  let logBinomial = 0 // log of m choose c
  for (let c = 0; c <= m; c++) {
    const outcomes = Array.from({ length: m }, (_, i): ScoredOutcome => ({ kind: 'scored', reward: i < c ? 1 : 0 }))
    const [group] = rule.advantages([{ task: { id: 'any', prompt: '' }, samples: [], outcomes }])
    const probability = Math.exp(logBinomial + c * Math.log1p(-p) + (m - c) * Math.log(p))
    group!.advantages.forEach((advantage, i) => {
      // ∇log π of a correct sample is on average ∇(1−p)/(1−p), of a wrong one −∇(1−p)/p.
      scale += (probability * Number(advantage)) / (m * (i < c ? 1 - p : -p))
    })
    logBinomial += Math.log((m - c) / (c + 1))
  }
  return scale / (options.n * p ** (options.n - 1))
}
