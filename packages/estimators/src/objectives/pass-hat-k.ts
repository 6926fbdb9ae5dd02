import { sum } from '@posttrain/core'
import type { Objective } from '@posttrain/core'
import { passHatK } from '../pass-hat-k.js'
import { binaryRewards } from '../rewards.js'
import { checkedObjective } from './checked-objective.js'
import { minAdvantages, samplesForBaseline } from './max-advantages.js'
import type { MaxObjectiveOptions } from './max-advantages.js'

/**
 * The probability that all of k samples are correct (Yao et al. 2024, τ-bench, https://arxiv.org/abs/2406.12045), with
 * advantages that are unbiased for its gradient for every n ≥ k.
 *
 * The worst of k rewards is minus the best of k negated ones, so that its advantages are those of max@k of −r, negated.
 *
 * @param options k, and the baseline of the advantages
 * @returns an objective named `pass^K`; its functions throw for rewards other than 0 and 1
 * @throws PosttrainError `invalid-argument` for a k that is not a positive integer
 * @example
 * ```ts
 * const outcomes = [1, 1, 1, 0].map((reward) => ({ kind: 'scored' as const, reward }))
 * passHatKObjective({ k: 2 }).estimate(outcomes) // => 0.5
 * ```
 */
export function passHatKObjective({ k, baseline = 'leave-one-out-minus-one' }: MaxObjectiveOptions): Objective {
  const name = `pass^${k}`
  return checkedObjective({
    name,
    k,
    minimumSamples: samplesForBaseline(k, baseline),
    read: (outcomes) => binaryRewards(name, outcomes),
    estimate: (rewards) => passHatK(rewards.length, sum(rewards), k),
    estimateCounts: (n, c) => passHatK(n, c, k),
    advantages: (rewards) => minAdvantages(rewards, k, baseline),
  })
}
