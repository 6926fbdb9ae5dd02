import { requireEnoughSamples } from '@posttrain/core'
import type { Objective } from '@posttrain/core'
import { mean } from '../mean.js'
import { allEqual, rewardsOf } from '../rewards.js'

/**
 * RLOO: each reward against the mean of the others, (rᵢ − mean_{j≠i} rⱼ)/n (Kool et al. 2019; Ahmadian et al. 2024,
 * https://arxiv.org/abs/2402.14740). Zero, not nearly zero, where all rewards agree.
 */
export function leaveOneOutMeanAdvantages(rewards: Float64Array): number[] {
  const n = rewards.length
  if (allEqual(rewards)) return new Array<number>(n).fill(0)
  const average = mean(rewards)
  // rᵢ − mean of the others = (rᵢ − mean of all)·n/(n − 1)
  return Array.from(rewards, (reward) => (reward - average) / (n - 1))
}

/**
 * The ordinary objective: the expected reward of one sample, with leave-one-out (RLOO) advantages
 * Aᵢ = (rᵢ − mean_{j≠i} rⱼ)/n.
 *
 * @returns an objective named `mean` with k = 1 and minimumSamples = 2
 * @example
 * ```ts
 * const outcomes = [1, 0, 0, 1].map((reward) => ({ kind: 'scored' as const, reward }))
 * meanObjective().estimate(outcomes) // => 0.5
 * ```
 */
export function meanObjective(): Objective {
  const check = (n: number): void => requireEnoughSamples('mean', 2, n)
  return {
    name: 'mean',
    k: 1,
    minimumSamples: 2,
    estimate(outcomes) {
      check(outcomes.length)
      return mean(rewardsOf(outcomes))
    },
    advantages(outcomes) {
      check(outcomes.length)
      return leaveOneOutMeanAdvantages(rewardsOf(outcomes))
    },
  }
}
