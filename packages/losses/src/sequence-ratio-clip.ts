import { requireFinite, requireOneOf, scoreOf, type Loss } from '@posttrain/core'
import { addUp } from './internal/add-up.js'
import { constantByToken } from './internal/constant-by-token.js'
import { fraction } from './internal/fraction.js'
import { sequenceRatioTerm } from './internal/sequence-ratio.js'

/** Settings of the clipped surrogate with one ratio per sequence. */
export interface SequenceRatioClipOptions {
  /** `geometric-mean` (default) of the tokens' ratios, as in GSPO, or their `product`, as in TRL's RLOO. */
  readonly ratio?: 'geometric-mean' | 'product' | undefined
  /** Ratios below 1 − clipLow stop pushing down (default 3e-4; a product needs far more, TRL's RLOO 0.2). */
  readonly clipLow?: number | undefined
  /** Ratios above 1 + clipHigh stop pushing up (default 4e-4). */
  readonly clipHigh?: number | undefined
}

/**
 * The clipped surrogate with one ratio for all tokens of a sequence, made of ρᵢₜ = π/π_old, to the policy before the
 * first update of the batch:
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
 * @throws PosttrainError `invalid-argument` for unknown options, or if a sequence lacks `advantage` or `oldLogprob`
 * @example
 * ```ts
 * const scores = [{ logprob: Float64Array.of(-0.9, -1.05, -0.98, -0.97) }]
 * const constants = [{ advantage: 1, weight: 1 / 4, oldLogprob: [-1, -1, -1, -1] }]
 * sequenceRatioClipLoss({ clipHigh: 0.1 }).evaluate(scores, constants).value // => -1.025315
 * ```
 */
export function sequenceRatioClipLoss(options: SequenceRatioClipOptions = {}): Loss {
  const { ratio = 'geometric-mean', clipLow = 3e-4, clipHigh = 4e-4 } = options
  requireOneOf('ratio', ratio, ['geometric-mean', 'product'])
  requireFinite('clipLow', clipLow, { min: 0, max: 1 })
  requireFinite('clipHigh', clipHigh, { min: 0 })
  return {
    name: `sequence-ratio-clip of the ${ratio}`,
    differentiates: ['logprob'],
    reads: ['advantage', 'oldLogprob'],
    vanishesAtZeroAdvantage: true,
    evaluate(scores, constants) {
      let [clipped, ratios] = [0, 0]
      const added = addUp(scores, constants, (sequence, own, i) => {
        const logprob = scoreOf(sequence, 'logprob')
        const before = constantByToken('oldLogprob', own, logprob.length, i)
        const term = sequenceRatioTerm({ logprob, before }, own, i, { ratio, low: 1 - clipLow, high: 1 + clipHigh })
        clipped += term.clipped ? 1 : 0
        ratios += term.ratio
        return term
      })
      const metrics = { clipFraction: fraction(clipped, scores.length), meanRatio: fraction(ratios, scores.length) }
      return { ...added, metrics }
    },
  }
}
