import { mean } from '@posttrain/core'
import type { Objective } from '@posttrain/core'
import { allEqual, rewardsOf } from '../rewards.js'
import { checkedObjective } from './checked-objective.js'

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
 * @returns an objective named `mean` with k = 1; its advantages need two samples
 * @example
 * ```ts
 * const outcomes = [1, 0, 0, 1].map((reward) => ({ kind: 'scored' as const, reward }))
 * meanObjective().estimate(outcomes) // => 0.5
 * ```
 */
export const meanObjective = (): Objective =>
  checkedObjective({
    name: 'mean',
    k: 1,
    minimumSamples: 2,
    read: rewardsOf,
    estimate: mean,
    estimateCounts: (n, c) => c / n,
    advantages: leaveOneOutMeanAdvantages,
  })
