import type { Objective } from '@posttrain/core'
import { maxAtK } from '../max-at-k.js'
import { rewardsOf } from '../rewards.js'
import { checkedObjective } from './checked-objective.js'
import { maxAdvantages, samplesForBaseline } from './max-advantages.js'
import type { MaxObjectiveOptions } from './max-advantages.js'

/**
 * The expected best reward of k samples, for continuous rewards of any sign, with PKPO advantages (Walder & Karkhanis
 * 2025, https://arxiv.org/abs/2505.15201). On rewards of 0 and 1 it is pass@k.
 *
 * @param options k, and the baseline of the advantages
 * @returns an objective named `max@K`
 * @throws PosttrainError `invalid-argument` for a k that is not a positive integer
 * @example
 * ```ts
 * const outcomes = [0.2, 0.9, 0.5].map((reward) => ({ kind: 'scored' as const, reward }))
 * maxAtKObjective({ k: 3 }).advantages(outcomes) // => [0, 0.4, 0]
 * ```
 */
export const maxAtKObjective = ({ k, baseline = 'leave-one-out-minus-one' }: MaxObjectiveOptions): Objective =>
  checkedObjective({
    name: `max@${k}`,
    k,
    minimumSamples: samplesForBaseline(k, baseline),
    read: rewardsOf,
    estimate: (rewards) => maxAtK(rewards, k),
    advantages: (rewards) => maxAdvantages(rewards, k, baseline),
  })
