import { invalidArgument, requireFinite, requireFiniteArray } from '@posttrain/core'
import type { Weighing } from './weighted-vote.js'

/**
 * Weights of the share η that is most confident: the confidences themselves, and 0 for all others, as DeepConf filters
 * and weighs votes (Fu et al. 2025, https://arxiv.org/abs/2508.15260, with η of 0.1 or 0.9). Of N votes ⌈η·N⌉ are kept,
 * and whatever is as confident as the least of them.
 *
 * @param share η, above 0 and at most 1
 * @returns what makes weights of confidences, a function whose name is `keepMostConfident(η)`
 * @throws PosttrainError `invalid-argument` for a share out of range; the function, for confidences that are negative
 *   or not finite
 * @example
 * ```ts
 * keepMostConfident(0.5)([3, 1, 4, 2]) // => [3, 0, 4, 0]
 * ```
 */
export function keepMostConfident(share: number): Weighing {
  requireFinite('share', share, { above: 0, max: 1 })
  const weigh: Weighing = (confidences) => {
    requireFiniteArray('confidences', confidences)
    if (confidences.some((confidence) => confidence < 0)) {
      throw invalidArgument(
        'keepMostConfident weighs by confidences, which must not be negative',
        'log-probs are: weigh them by logprobWeights, or take confidenceReward',
      )
    }
    if (confidences.length === 0) return []
    const least = leastKept(confidences, share)
    return confidences.map((confidence) => (confidence >= least ? confidence : 0))
  }
  return Object.defineProperty(weigh, 'name', { value: `keepMostConfident(${share})` })
}

/**
 * The confidence of the ⌈η·N⌉-th most confident of N: the quantile at 1 − η, and the threshold below which online
 * DeepConf stops a trace.
 *
 * @param confidences at least one
 * @param share η, above 0 and at most 1
 * @throws PosttrainError `invalid-argument` for no confidences or a share out of range
 * @example
 * ```ts
 * leastKept([3, 1, 4, 2], 0.5) // => 3
 * ```
 */
export function leastKept(confidences: readonly number[], share: number): number {
  requireFinite('share', share, { above: 0, max: 1 })
  requireFiniteArray('confidences', confidences)
  if (confidences.length === 0) throw invalidArgument('confidences are empty, so that none can be kept')
  // 0.1·30 may be a little above 3: products of exact shares are whole up to rounding.
  const kept = Math.max(1, Math.ceil(share * confidences.length - 1e-9))
  return [...confidences].sort((a, b) => b - a)[kept - 1]!
}
