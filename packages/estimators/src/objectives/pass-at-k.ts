import { requireEnoughSamples, requireInteger } from '@posttrain/core'
import type { Objective } from '@posttrain/core'
import { passAtK } from '../pass-at-k.js'
import { binaryRewardsOf } from '../rewards.js'
import { maxAdvantages, samplesForBaseline } from './max-advantages.js'
import type { Baseline } from './max-advantages.js'

/** Which k-sample maximum, and with which baseline. */
export interface MaxObjectiveOptions {
  /** Samples the deployed procedure draws. */
  readonly k: number
  /** Default `leave-one-out-minus-one`. For k = 1 every baseline but `none` is RLOO. */
  readonly baseline?: Baseline
}

/**
 * The probability that at least one of k samples is correct, with PKPO advantages (Walder & Karkhanis 2025,
 * https://arxiv.org/abs/2505.15201): unbiased for its gradient for every n ≥ k, n = k included.
 *
 * @returns an objective named `pass@K`; its functions throw for rewards other than 0 and 1
 * @throws PosttrainError `invalid-argument` for a k that is not a positive integer
 * @example
 * ```ts
 * const outcomes = [1, 0, 0, 1, 0].map((reward) => ({ kind: 'scored' as const, reward }))
 * passAtKObjective({ k: 3 }).estimate(outcomes) // => 0.9
 * ```
 */
export function passAtKObjective({ k, baseline = 'leave-one-out-minus-one' }: MaxObjectiveOptions): Objective {
  requireInteger('k', k, { min: 1 })
  const name = `pass@${k}`
  const minimumSamples = samplesForBaseline(k, baseline)
  const checked: typeof binaryRewardsOf = (what, outcomes) => {
    requireEnoughSamples(name, minimumSamples, outcomes.length)
    return binaryRewardsOf(what, outcomes)
  }
  return {
    name,
    k,
    minimumSamples,
    estimate(outcomes) {
      const rewards = checked(name, outcomes)
      return passAtK(
        rewards.length,
        rewards.reduce((a, b) => a + b, 0),
        k,
      )
    },
    advantages: (outcomes) => maxAdvantages(checked(name, outcomes), k, baseline),
  }
}
