import { requireFiniteArray, requireInteger, requireLength } from '@posttrain/core'
import { requireProbabilities } from './probabilities.js'

/** A known distribution over outcomes with two scores each. */
export interface ProxiedDistribution {
  readonly probabilities: readonly number[]
  /** What best-of-n chooses by. */
  readonly proxy: readonly number[]
}

/**
 * The distribution of the sample with the highest proxy among n independent ones, ties shared.
 *
 * π_bon(y) = p(y)/E · [(F+E)ⁿ − Fⁿ], F the probability of a lower proxy and E of the same one. The form without ties,
 * (F+p)ⁿ − Fⁿ (Amini et al. 2024, https://arxiv.org/abs/2407.06057), does not add up to 1 where proxies are tied.
 *
 * @returns one probability per outcome, in order
 * @throws PosttrainError `invalid-argument` for probabilities that do not add up to 1 or other lengths
 * @example
 * ```ts
 * bestOfNDistribution({ probabilities: [0.5, 0.5], proxy: [0, 1] }, 2) // => [0.25, 0.75]
 * ```
 */
export function bestOfNDistribution({ probabilities, proxy }: ProxiedDistribution, n: number): number[] {
  requireInteger('n', n, { min: 1 })
  requireProbabilities('probabilities', probabilities)
  requireLength('proxy', proxy, probabilities.length)
  requireFiniteArray('proxy', proxy)
  return probabilities.map((p, i) => {
    let lower = 0
    let equal = 0
    probabilities.forEach((q, j) => {
      if (proxy[j]! < proxy[i]!) lower += q
      else if (proxy[j] === proxy[i]) equal += q
    })
    if (p === 0) return 0
    // (F+E)ⁿ − Fⁿ without cancellation where E is small
    const level = Math.min(1, lower + equal) ** n * -Math.expm1(n * Math.log1p(-equal / (lower + equal)))
    return (p / equal) * level
  })
}

/**
 * best-of-n when the distribution is known: the expected gold reward of the sample with the highest proxy among n.
 *
 * @param gold one per outcome
 * @throws PosttrainError `invalid-argument` as `bestOfNDistribution`
 * @example
 * ```ts
 * bestOfNFromDistribution({ probabilities: [0.5, 0.5], proxy: [0, 1] }, [0, 1], 2) // => 0.75
 * ```
 */
export function bestOfNFromDistribution(policy: ProxiedDistribution, gold: readonly number[], n: number): number {
  requireLength('gold', gold, policy.probabilities.length)
  requireFiniteArray('gold', gold)
  return bestOfNDistribution(policy, n).reduce((sum, p, i) => sum + p * gold[i]!, 0)
}

/**
 * The win rate of best-of-n against one sample when the distribution is known: P(more gold) + ½ P(equal gold).
 *
 * @param gold one per outcome
 * @throws PosttrainError `invalid-argument` as `bestOfNDistribution`
 * @example
 * ```ts
 * winRateFromDistribution({ probabilities: [0.5, 0.5], proxy: [0, 1] }, [0, 1], 2) // => 0.625
 * ```
 */
export function winRateFromDistribution(policy: ProxiedDistribution, gold: readonly number[], n: number): number {
  requireLength('gold', gold, policy.probabilities.length)
  requireFiniteArray('gold', gold)
  let rate = 0
  bestOfNDistribution(policy, n).forEach((chosen, i) => {
    policy.probabilities.forEach((p, j) => {
      rate += chosen * p * (gold[i]! > gold[j]! ? 1 : gold[i] === gold[j] ? 0.5 : 0)
    })
  })
  return rate
}
