import { requireEnoughSamples, requireInteger } from '@posttrain/core'
import type { Objective, ScoredOutcome } from '@posttrain/core'
import { maxAtK } from '../max-at-k.js'
import { rewardsOf } from '../rewards.js'
import { maxAdvantages, samplesForBaseline } from './max-advantages.js'
import type { MaxObjectiveOptions } from './pass-at-k.js'

/**
 * The expected best reward of k samples, for continuous rewards of any sign, with PKPO advantages (Walder & Karkhanis
 * 2025, https://arxiv.org/abs/2505.15201). On rewards of 0 and 1 it is pass@k.
 *
 * @returns an objective named `max@K`
 * @throws PosttrainError `invalid-argument` for a k that is not a positive integer
 * @example
 * ```ts
 * const outcomes = [0.2, 0.9, 0.5].map((reward) => ({ kind: 'scored' as const, reward }))
 * maxAtKObjective({ k: 3 }).advantages(outcomes) // => [0, 0.4, 0]
 * ```
 */
export function maxAtKObjective({ k, baseline = 'leave-one-out-minus-one' }: MaxObjectiveOptions): Objective {
  requireInteger('k', k, { min: 1 })
  const name = `max@${k}`
  const minimumSamples = samplesForBaseline(k, baseline)
  const checked = (outcomes: readonly ScoredOutcome[]): Float64Array => {
    requireEnoughSamples(name, minimumSamples, outcomes.length)
    return rewardsOf(outcomes)
  }
  return {
    name,
    k,
    minimumSamples,
    estimate: (outcomes) => maxAtK(checked(outcomes), k),
    advantages: (outcomes) => maxAdvantages(checked(outcomes), k, baseline),
  }
}
