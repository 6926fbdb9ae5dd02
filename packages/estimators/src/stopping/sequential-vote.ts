import { invalidArgument, requireFinite, requireInteger, sum } from '@posttrain/core'

/** When a sequential vote ends. */
export interface SequentialVoteRule {
  /** Votes that make a consensus (default 3). */
  readonly needed?: number | undefined
  /** Trials after which it ends without one, from `needed` to 170 (default 8). */
  readonly atMost?: number | undefined
}

/** The factorial of more is no double. */
const MOST_TRIALS = 170

function checked({ needed = 3, atMost = 8 }: SequentialVoteRule): { readonly needed: number; readonly atMost: number } {
  requireInteger('needed', needed, { min: 1 })
  requireInteger('atMost', atMost, { min: needed, max: MOST_TRIALS })
  return { needed, atMost }
}

/** How a sequential vote ended. */
export interface SequentialVote {
  /** Absent: no consensus. */
  readonly answer: string | undefined
  /** Answers that were looked at. */
  readonly trials: number
}

/**
 * The first answer that is given `needed` times, of at most `atMost` trials: sequential voting (IBPO, Yu et al. 2025,
 * https://arxiv.org/abs/2501.17974).
 *
 * @param answers (trials), in their order; undefined where a trial gave none, which is a trial without a vote
 * @returns the answer, and the number of trials looked at
 * @throws PosttrainError `invalid-argument` for a rule that cannot end in a consensus
 * @example
 * ```ts
 * sequentialVote([...'ABACA']) // => { answer: 'A', trials: 5 }
 * ```
 */
export function sequentialVote(
  answers: readonly (string | undefined)[],
  rule: SequentialVoteRule = {},
): SequentialVote {
  const { needed, atMost } = checked(rule)
  const votes = new Map<string, number>()
  const trials = Math.min(answers.length, atMost)
  for (let trial = 0; trial < trials; trial++) {
    const answer = answers[trial]
    if (answer === undefined) continue
    const count = (votes.get(answer) ?? 0) + 1
    if (count === needed) return { answer, trials: trial + 1 }
    votes.set(answer, count)
  }
  return { answer: undefined, trials }
}

/** What a sequential vote comes to. */
export interface SequentialVoteDistribution {
  /** Probability that each answer becomes the consensus. */
  readonly consensus: readonly number[]
  /** Probability that there is none. */
  readonly none: number
  /** Mean number of trials. */
  readonly trials: number
}

/**
 * The exact outcome of a sequential vote over independent answers of known probabilities.
 *
 * Answer a ends it at trial t with probability p_a·(t−1)!·p_a^{m−1}/(m−1)!·[x^{t−m}] Π_{b≠a} Σ_{j<m} (p_b·x)ʲ/j!, m the
 * votes needed.
 *
 * @param probabilities (answers); what they lack to 1 gives no answer, in a trial without a vote
 * @returns probabilities of each end, and the mean number of trials
 * @throws PosttrainError `invalid-argument` for negative probabilities or a sum above 1
 * @example
 * ```ts
 * sequentialVoteFromDistribution([0.6, 0.4]) // => { consensus: [0.68256, 0.31744], none: 0, trials: 4.0656 }
 * ```
 */
export function sequentialVoteFromDistribution(
  probabilities: readonly number[],
  rule: SequentialVoteRule = {},
): SequentialVoteDistribution {
  const { needed, atMost } = checked(rule)
  probabilities.forEach((p, i) => requireFinite(`probabilities[${i}]`, p, { min: 0, max: 1 }))
  const total = sum(probabilities)
  if (total > 1 + 1e-9) throw invalidArgument(`probabilities add up to ${total}`, 'they must not exceed 1')

  const series = (p: number, terms: number): number[] => {
    const coefficients = [1]
    for (let j = 1; j < terms; j++) coefficients.push((coefficients[j - 1]! * p) / j)
    return coefficients
  }
  const silent = series(Math.max(0, 1 - total), atMost + 1)
  const others = (left: number | undefined): number[] =>
    probabilities.reduce(
      (product, p, b) => (b === left ? product : multiply(product, series(p, needed), atMost)),
      silent,
    )
  const factorials = [1]
  for (let t = 1; t <= atMost; t++) factorials.push(factorials[t - 1]! * t)

  let trials = 0
  const consensus = probabilities.map((p, a) => {
    const rest = others(a)
    let wins = 0
    for (let t = needed; t <= atMost; t++) {
      const before = (factorials[t - 1]! * p ** (needed - 1)) / factorials[needed - 1]!
      const ends = p * before * (rest[t - needed] ?? 0)
      wins += ends
      trials += t * ends
    }
    return wins
  })
  const none = factorials[atMost]! * (others(undefined)[atMost] ?? 0)
  return { consensus, none, trials: trials + atMost * none }
}

/** The product of two polynomials up to a degree. */
function multiply(a: readonly number[], b: readonly number[], degree: number): number[] {
  const product = new Array<number>(Math.min(degree + 1, a.length + b.length - 1)).fill(0)
  a.forEach((x, i) =>
    b.forEach((y, j) => {
      if (i + j < product.length) product[i + j]! += x * y
    }),
  )
  return product
}
