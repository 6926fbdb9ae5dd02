import {
  invalidArgument,
  requireFinite,
  requireLength,
  unsupported,
  type Loss,
  type LossConstants,
} from '@posttrain/core'
import { advantagesOf, constantOf, fraction } from './batch.js'

/** Settings of the correction for another engine's samples. */
export interface TruncatedImportanceOptions {
  /** C, the largest factor; 2 is verl's example, 3 TRL's default. */
  readonly cap: number
  /**
   * `token` (default): each token's own factor; `sequence`: one for the whole sequence, from the product of its ratios.
   */
  readonly level?: 'token' | 'sequence'
}

/**
 * Corrects a loss for samples drawn by another engine than the one that trains: each token's contribution is multiplied
 * by the constant min(π_start / π_sampling, C), where π_start is what the training engine said of the samples before
 * the first update on them. The loss's own ratio is then against π_start, so that it measures the updates alone.
 *
 * The factor enters through the advantage, which is right for every loss that scales with it: all of this package that
 * vanish at advantage 0.
 *
 * Truncation: Ionides 2008, https://doi.org/10.1198/106186008X320456. In language-model training: Yao et al. 2025,
 * https://fengyao.notion.site/off-policy-rl
 *
 * @returns the loss with two metrics more: `truncatedFraction` and `meanImportance`, the mean factor, over tokens
 * @throws PosttrainError `unsupported` for a loss that does not vanish at advantage 0; `invalid-argument` for bad
 * options, or if a sequence lacks `startLogprob` or `samplingLogprob`
 * @example
 * ```ts
 * const loss = truncatedImportance(ppoClipLoss(), { cap: 2 })
 * const constants = [{ advantage: 1, weight: 1, startLogprob: [-1], samplingLogprob: [-1.5] }]
 * loss.evaluate([{ logprob: Float64Array.of(-1) }], constants).value // => -1.648721
 * ```
 */
export function truncatedImportance(loss: Loss, { cap, level = 'token' }: TruncatedImportanceOptions): Loss {
  requireFinite('cap', cap, { min: 0 })
  if (!['token', 'sequence'].includes(level)) {
    throw invalidArgument(`level must be token or sequence, but is ${level}`)
  }
  if (!loss.vanishesAtZeroAdvantage) {
    throw unsupported(
      `truncatedImportance scales advantages, which the loss ${loss.name} does not scale with`,
      'wrap the terms that have advantages, then add the others with sumOfLosses',
    )
  }
  return {
    ...loss,
    name: `${loss.name} with truncated importance by ${level}`,
    needsStartLogprob: true,
    evaluate(scores, constants) {
      requireLength('constants', constants, scores.length)
      let [tokens, truncated, sum] = [0, 0, 0]
      const corrected = scores.map(({ logprob }, i): LossConstants => {
        const own = constants[i]!
        const start = constantOf('startLogprob', own, logprob.length, i)
        const sampling = constantOf('samplingLogprob', own, logprob.length, i)
        const ratios = importanceRatios(start, sampling, level)
        const factors = ratios.map((ratio) => Math.min(ratio, cap))
        tokens += logprob.length
        truncated += ratios.filter((ratio) => ratio > cap).length
        sum += factors.reduce((a, b) => a + b, 0)
        const advantages = advantagesOf(own, logprob.length, i)
        return { ...own, samplingLogprob: start, advantage: factors.map((factor, t) => factor * advantages[t]!) }
      })
      const value = loss.evaluate(scores, corrected)
      const added = { truncatedFraction: fraction(truncated, tokens), meanImportance: fraction(sum, tokens) }
      return { ...value, metrics: { ...value.metrics, ...added } }
    },
  }
}

function importanceRatios(
  start: ArrayLike<number>,
  sampling: ArrayLike<number>,
  level: 'token' | 'sequence',
): Float64Array {
  const logRatios = Float64Array.from(start, (x, t) => x - sampling[t]!)
  if (level === 'token') return logRatios.map(Math.exp)
  return logRatios.fill(Math.exp(logRatios.reduce((a, b) => a + b, 0)))
}
