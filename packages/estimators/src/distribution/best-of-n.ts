import { requireFiniteArray, requireInteger, requireLength, sum } from '@posttrain/core'
import { requireProbabilities } from './probabilities.js'

/** A known distribution over outcomes, with the score that best-of-n chooses by. */
export interface ProxiedDistribution {
  /** (outcomes), adding up to 1. */
  readonly probabilities: readonly number[]
  /** (outcomes): what best-of-n chooses by. */
  readonly proxy: readonly number[]
}

/**
 * The distribution of the sample with the highest proxy among n, ties shared: π_bon(y) = p(y)/E · [(F+E)ⁿ − Fⁿ], F the
 * probability of a lower proxy and E of the same one.
 */
function choiceProbabilities({ probabilities, proxy }: ProxiedDistribution, n: number): number[] {
  requireInteger('n', n, { min: 1 })
  requireProbabilities('probabilities', probabilities)
  requireLength('proxy', proxy, probabilities.length)
  requireFiniteArray('proxy', proxy)
  return probabilities.map((p, i) => {
    if (p === 0) return 0
    const massOf = (counts: (other: number) => boolean): number =>
      sum(probabilities.filter((_, j) => counts(proxy[j]!)))
    const lower = massOf((other) => other < proxy[i]!)
    const equal = massOf((other) => other === proxy[i])
    // (F+E)ⁿ − Fⁿ without cancellation where E is small
    const level = Math.min(1, lower + equal) ** n * -Math.expm1(n * Math.log1p(-equal / (lower + equal)))
    return (p / equal) * level
  })
}

/**
 * best-of-n where the distribution is known: the expected gold reward of the sample with the highest proxy among n,
 * ties shared.
 *
 * @param policy what samples are drawn from, and what the choice is made by
 * @param gold (outcomes): what a choice is worth
 * @param n samples the deployed procedure chooses from
 * @returns in the unit of gold
 * @throws PosttrainError `invalid-argument` for probabilities that do not add up to 1, or other lengths
 * @example
 * ```ts
 * bestOfNFromDistribution({ probabilities: [0.5, 0.5], proxy: [0, 1] }, [0, 1], 2) // => 0.75
 * ```
 */
export function bestOfNFromDistribution(policy: ProxiedDistribution, gold: readonly number[], n: number): number {
  requireLength('gold', gold, policy.probabilities.length)
  requireFiniteArray('gold', gold)
  return sum(choiceProbabilities(policy, n).map((p, i) => p * gold[i]!))
}

/**
 * The win rate of best-of-n against one sample where the distribution is known: P(more gold) + ½·P(equal gold).
 *
 * @param policy what samples are drawn from, and what the choice is made by
 * @param gold (outcomes): what a choice is worth
 * @param n samples the deployed procedure chooses from
 * @returns a probability
 * @throws PosttrainError `invalid-argument` for probabilities that do not add up to 1, or other lengths
 * @example
 * ```ts
 * winRateFromDistribution({ probabilities: [0.5, 0.5], proxy: [0, 1] }, [0, 1], 2) // => 0.625
 * ```
 */
export function winRateFromDistribution(policy: ProxiedDistribution, gold: readonly number[], n: number): number {
  requireLength('gold', gold, policy.probabilities.length)
  requireFiniteArray('gold', gold)
  const against = (own: number): number =>
    sum(policy.probabilities.map((p, j) => p * (own > gold[j]! ? 1 : own === gold[j] ? 0.5 : 0)))
  return sum(choiceProbabilities(policy, n).map((chosen, i) => chosen * against(gold[i]!)))
}
