import { invalidArgument, requireFinite, type Loss } from '@posttrain/core'
import { addUp, fraction } from './batch.js'
import { sequenceRatioTerm, type SequenceRatio } from './sequence-ratio.js'

/** Settings of the clipped surrogate with one ratio per sequence. */
export interface SequenceRatioClipOptions {
  /** `geometric-mean` (default) of the tokens' ratios, as in GSPO, or their `product`, as in TRL's RLOO. */
  readonly ratio?: SequenceRatio
  /** Ratios below 1 − clipLow stop pushing down (default 3e-4; a product needs far more, TRL's RLOO 0.2). */
  readonly clipLow?: number
  /** Ratios above 1 + clipHigh stop pushing up (default 4e-4). */
  readonly clipHigh?: number
}

/**
 * The clipped surrogate with one ratio for all tokens of a sequence:
 *
 * - `geometric-mean`, GSPO: −Σᵢ wᵢ Σₜ min(sᵢ Aᵢₜ, clip(sᵢ, 1 − εₗ, 1 + εₕ) Aᵢₜ) with sᵢ = exp(meanₜ log ρᵢₜ). Each
 *   token carries its sequence's term, so that weights 1/(G·Tᵢ) give the mean over G sequences.
 * - `product`: −Σᵢ wᵢ meanₜ min(ρᵢ Aᵢₜ, clip(ρᵢ) Aᵢₜ) with ρᵢ = Πₜ ρᵢₜ. Each sequence carries its term once.
 *
 * Either way the gradient at ratio 1, with one advantage per sequence, is that of `policyGradientLoss` with the same
 * weights. A ratio that all tokens share moves them alike, so advantages of tokens act through their mean.
 *
 * GSPO, Zheng et al. 2025, https://arxiv.org/abs/2507.18071. verl also caps log sᵢ at 10, which this does not.
 *
 * @returns a loss with the metrics `clipFraction`, of sequences, and `meanRatio`
 * @throws PosttrainError `invalid-argument` for unknown options, or if a sequence has no log-probs from the time of
 * sampling
 * @example
 * ```ts
 * const scores = [{ logprob: Float64Array.of(-0.9, -1.05, -0.98, -0.97) }]
 * const constants = [{ advantage: 1, weight: 1 / 4, samplingLogprob: [-1, -1, -1, -1] }]
 * sequenceRatioClipLoss({ clipHigh: 0.1 }).evaluate(scores, constants).value // => -1.025315
 * ```
 */
export function sequenceRatioClipLoss(options: SequenceRatioClipOptions = {}): Loss {
  const { ratio = 'geometric-mean', clipLow = 3e-4, clipHigh = 4e-4 } = options
  if (!['geometric-mean', 'product'].includes(ratio)) {
    throw invalidArgument(`ratio must be geometric-mean or product, but is ${ratio}`)
  }
  requireFinite('clipLow', clipLow, { min: 0, max: 1 })
  requireFinite('clipHigh', clipHigh, { min: 0 })
  return {
    name: `sequence-ratio-clip of the ${ratio}`,
    needs: ['logprob'],
    vanishesAtZeroAdvantage: true,
    onPolicy: false,
    evaluate(scores, constants) {
      let [clipped, ratios] = [0, 0]
      const sum = addUp(scores, constants, ({ logprob }, own, i) => {
        const term = sequenceRatioTerm(logprob, own, i, { ratio, low: 1 - clipLow, high: 1 + clipHigh })
        clipped += term.clipped ? 1 : 0
        ratios += term.ratio
        return term
      })
      const metrics = { clipFraction: fraction(clipped, scores.length), meanRatio: fraction(ratios, scores.length) }
      return { ...sum, metrics }
    },
  }
}
