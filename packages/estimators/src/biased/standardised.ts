import type { Objective } from '@posttrain/core'
import { mean } from '../mean.js'
import { allEqual, rewardsOf } from '../rewards.js'
import type { AdvantageEstimator } from './advantage-estimator.js'
import { groupMeanAdvantages } from './group-mean.js'
import { requireOneOf } from '../one-of.js'

/** Divisor of the sum of squares: n − 1 as in PyTorch's `std`, or n as in NumPy's. */
export type DeviationKind = 'sample' | 'population'

/** Standard deviation of rewards that are not all equal. */
export function deviation(rewards: Float64Array, kind: DeviationKind): number {
  const average = mean(rewards)
  const squares = rewards.reduce((sum, reward) => sum + (reward - average) ** 2, 0)
  return Math.sqrt(squares / (kind === 'sample' ? rewards.length - 1 : rewards.length))
}

/**
 * Advantages divided by the standard deviation of the group's rewards. A group of equal rewards gets exact zeros, found by
 * comparing rewards, so no ε is added to the divisor.
 *
 * @param base advantages to divide
 * @param kind default `sample`
 * @returns advantages for the same target, `direction-changing`: easy and hard prompts, whose rewards vary little, count more
 * @example
 * ```ts
 * standardisedAdvantages(maxAtKObjective({ k: 2 })).bias(8).kind // => 'direction-changing'
 * ```
 */
export function standardisedAdvantages(
  base: Objective | AdvantageEstimator,
  kind: DeviationKind = 'sample',
): AdvantageEstimator {
  requireOneOf('kind', kind, ['sample', 'population'])
  return {
    name: `standardised ${base.name}`,
    target: 'target' in base ? base.target : base.name,
    minimumSamples: Math.max(2, base.minimumSamples),
    bias: () => ({
      kind: 'direction-changing',
      reason:
        "prompts are weighted by the inverse of their rewards' standard deviation, which depends on the sample itself",
    }),
    advantages(outcomes) {
      const advantages = base.advantages(outcomes)
      const rewards = rewardsOf(outcomes)
      if (allEqual(rewards)) return new Array<number>(rewards.length).fill(0)
      const divisor = deviation(rewards, kind)
      return advantages.map((advantage) => advantage / divisor)
    },
  }
}

/**
 * GRPO's advantages, (rᵢ − r̄)/std(r)/n (Shao et al. 2024, https://arxiv.org/abs/2402.03300), without ε.
 *
 * @returns advantages for `mean`, `direction-changing`
 * @example
 * ```ts
 * const outcomes = [1, 0].map((reward) => ({ kind: 'scored' as const, reward }))
 * grpoAdvantages('population').advantages(outcomes) // => [0.5, -0.5]
 * ```
 */
export const grpoAdvantages = (kind: DeviationKind = 'sample'): AdvantageEstimator => ({
  ...standardisedAdvantages(groupMeanAdvantages(), kind),
  name: 'grpo',
})
