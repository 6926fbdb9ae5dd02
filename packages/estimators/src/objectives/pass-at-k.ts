import { sum } from '@posttrain/core'
import type { Objective } from '@posttrain/core'
import { passAtK } from '../pass-at-k.js'
import { binaryRewards } from '../rewards.js'
import { checkedObjective } from './checked-objective.js'
import { maxAdvantages, samplesForBaseline } from './max-advantages.js'
import type { MaxObjectiveOptions } from './max-advantages.js'

/**
 * The probability that at least one of k samples is correct, with PKPO advantages (Walder & Karkhanis 2025,
 * https://arxiv.org/abs/2505.15201): unbiased for its gradient for every n ≥ k, n = k included.
 *
 * @param options k, and the baseline of the advantages
 * @returns an objective named `pass@K`; its functions throw for rewards other than 0 and 1
 * @throws PosttrainError `invalid-argument` for a k that is not a positive integer
 * @example
 * ```ts
 * const outcomes = [1, 0, 0, 1, 0].map((reward) => ({ kind: 'scored' as const, reward }))
 * passAtKObjective({ k: 3 }).estimate(outcomes) // => 0.9
 * ```
 */
export function passAtKObjective({ k, baseline = 'leave-one-out-minus-one' }: MaxObjectiveOptions): Objective {
  const name = `pass@${k}`
  return checkedObjective({
    name,
    k,
    minimumSamples: samplesForBaseline(k, baseline),
    read: (outcomes) => binaryRewards(name, outcomes),
    estimate: (rewards) => passAtK(rewards.length, sum(rewards), k),
    estimateCounts: (n, c) => passAtK(n, c, k),
    advantages: (rewards) => maxAdvantages(rewards, k, baseline),
  })
}
