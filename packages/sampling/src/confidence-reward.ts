import { requireInteger, requireOneOf, type RewardFunction } from '@posttrain/core'
import { tokenConfidences, traceConfidence, type ConfidenceMeasure } from './internal/trace-confidence.js'

/** Which confidence of a sample is meant. */
export interface ConfidenceRewardOptions {
  /**
   * Of all tokens the `mean`, or that of the last `window` of them (`tail`); or of all groups of `window` tokens the
   * `lowest-group`, or the mean of the lowest tenth (`bottom-groups`), at least of one.
   */
  readonly measure: ConfidenceMeasure
  /** Tokens of a group, and of the tail (default 2048). A sample with fewer tokens is one group. */
  readonly window?: number | undefined
  /** Likeliest tokens that are read at each place (default: all that the sample carries). */
  readonly top?: number | undefined
}

/**
 * The confidence of a sample by DeepConf (Fu et al. 2025, https://arxiv.org/abs/2508.15260), from `logprobs.top`: that
 * of a token is Cₜ = −(1/k)·Σ log p over the k likeliest tokens of its place, greater where the distribution is more
 * peaked. Groups slide: each begins a token behind the one before. Where one of the k tokens is masked (−∞), each p
 * counts as at least 10⁻¹².
 *
 * Weighs the votes of `weightedMajorityVote`, with `weigh: keepMostConfident(0.1)` as DeepConf does offline.
 *
 * @returns a reward named for instance `lowest-group confidence (2048)`, in nats; a sample without log-probs of the
 *   likeliest tokens, or with fewer than `top` at a place, is unscored and says so
 * @throws PosttrainError `invalid-argument` for another measure, or for numbers that are no positive integers
 * @example
 * ```ts
 * const provenance = { engine: 'any', dtype: 'f32' as const, weights: 'any' }
 * const usage = { promptTokens: 1, completionTokens: 2 }
 * const sample: Sample = {
 *   id: 'a', taskId: 'a', index: 0, seed: 0, text: 'so', finish: 'stop', usage,
 *   logprobs: { values: [-0.5, -1], top: [[-0.5, -1.5], [-1, -4]], provenance },
 * }
 * const mean = confidenceReward({ measure: 'mean' })
 * await mean.score({ id: 'a', prompt: '?' }, [sample]) // => [{ kind: 'scored', reward: 1.75 }]
 * const lowest = confidenceReward({ measure: 'lowest-group', window: 1 })
 * await lowest.score({ id: 'a', prompt: '?' }, [sample]) // => [{ kind: 'scored', reward: 1 }]
 * ```
 */
export function confidenceReward({ measure, window = 2048, top }: ConfidenceRewardOptions): RewardFunction {
  requireOneOf('measure', measure, ['mean', 'tail', 'lowest-group', 'bottom-groups'])
  requireInteger('window', window, { min: 1 })
  if (top !== undefined) requireInteger('top', top, { min: 1 })
  const details = [...(measure === 'mean' ? [] : [`${window}`]), ...(top === undefined ? [] : [`top ${top}`])]
  return {
    name: `${measure} confidence${details.length === 0 ? '' : ` (${details.join(', ')})`}`,
    score: async (_, samples) =>
      samples.map((sample) => {
        const confidences = tokenConfidences(sample, top)
        if (typeof confidences === 'string') return { kind: 'unscored', reason: confidences }
        return { kind: 'scored', reward: traceConfidence(confidences, measure, window) }
      }),
  }
}
