import { requireEnoughSamples, requireInteger } from '@posttrain/core'
import { allEqual, rewardsOf } from '../rewards.js'
import type { AdvantageEstimator } from './advantage-estimator.js'
import { deviation } from './standardised.js'

/** Options of verl's `grpo_passk`. */
export interface VerlGrpoPassAtKOptions {
  /** The k one means to train for; the method itself knows only the group size. */
  readonly k: number
  /** Divide by the standard deviation of the rewards, verl's default (default true). */
  readonly normalise?: boolean
}

/**
 * verl's `grpo_passk`: the best sample of the group gets its lead over the second best, all others 0.
 *
 * That is Tang et al.'s leave-one-out estimator (https://arxiv.org/abs/2503.19595) of max@n for the group size n: exact
 * without division if k = n. For k < n it still trains for n samples.
 *
 * @returns advantages for `max@K`
 * @throws PosttrainError `invalid-argument` for a k that is not a positive integer
 * @example
 * ```ts
 * const outcomes = [0.2, 0.9, 0.5].map((reward) => ({ kind: 'scored' as const, reward }))
 * verlGrpoPassAtKAdvantages({ k: 3, normalise: false }).advantages(outcomes) // => [0, 0.4, 0]
 * ```
 */
export function verlGrpoPassAtKAdvantages({ k, normalise = true }: VerlGrpoPassAtKOptions): AdvantageEstimator {
  requireInteger('k', k, { min: 2 })
  const name = normalise ? 'grpo_passk' : 'grpo_passk without std'
  return {
    name,
    target: `max@${k}`,
    minimumSamples: k,
    bias(n) {
      if (normalise) {
        return { kind: 'direction-changing', reason: "prompts are weighted by the inverse of their rewards' deviation" }
      }
      if (n === k) return { kind: 'exact' }
      return { kind: 'direction-changing', reason: `a group of ${n} trains for max@${n}, not for max@${k}` }
    },
    advantages(outcomes) {
      requireEnoughSamples(name, k, outcomes.length)
      const rewards = rewardsOf(outcomes)
      const advantages = new Array<number>(rewards.length).fill(0)
      if (allEqual(rewards)) return advantages
      const best = rewards.indexOf(Math.max(...rewards))
      const second = Math.max(...rewards.filter((_, i) => i !== best))
      advantages[best] = (rewards[best]! - second) / (normalise ? deviation(rewards, 'sample') : 1)
      return advantages
    },
  }
}
