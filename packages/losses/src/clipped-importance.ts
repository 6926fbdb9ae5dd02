import { requireFinite, scoreOf, type Loss } from '@posttrain/core'
import { addUp } from './internal/add-up.js'
import { advantageByToken } from './internal/advantage-by-token.js'
import { clip } from './internal/clip.js'
import { constantByToken } from './internal/constant-by-token.js'
import { fraction } from './internal/fraction.js'
import { overTokens } from './internal/over-tokens.js'

/** Settings of CISPO. */
export interface ClippedImportanceOptions {
  /** Ratios below 1 − clipLow count as that (default 1: no lower bound). */
  readonly clipLow?: number | undefined
  /** Ratios above 1 + clipHigh count as that (default 4: a ratio of 5 at most; TRL's `epsilon_high` is 1 + this). */
  readonly clipHigh?: number | undefined
}

/**
 * CISPO: the policy gradient with clipped importance ratios as constant weights, −Σᵢ wᵢ Σₜ sg(clip(ρᵢₜ, 1 − εₗ, 1 +
 * εₕ)) Aᵢₜ log πᵢₜ with ρᵢₜ = π/π_old, to the policy before the first update of the batch.
 *
 * No token drops out: where PPO's gradient is 0, this one's is bounded. Its value is no measure of progress.
 *
 * MiniMax-M1 2025, https://arxiv.org/abs/2506.13585
 *
 * @returns a loss with the metric `clipFraction`, of tokens
 * @throws PosttrainError `invalid-argument` for bounds out of range, or if a sequence lacks `advantage` or `oldLogprob`
 * @example
 * ```ts
 * const scores = [{ logprob: Float64Array.of(Math.log(0.6)) }]
 * const constants = [{ advantage: 2, weight: 1, oldLogprob: [Math.log(0.4)] }]
 * clippedImportanceLoss({ clipHigh: 0.2 }).evaluate(scores, constants).cotangents[0]!.logprob![0] // => -2.4
 * ```
 */
export function clippedImportanceLoss({ clipLow = 1, clipHigh = 4 }: ClippedImportanceOptions = {}): Loss {
  requireFinite('clipLow', clipLow, { min: 0, max: 1 })
  requireFinite('clipHigh', clipHigh, { min: 0 })
  return {
    name: 'clipped-importance',
    differentiates: ['logprob'],
    reads: ['advantage', 'oldLogprob'],
    vanishesAtZeroAdvantage: true,
    evaluate(scores, constants) {
      let [tokens, clipped] = [0, 0]
      const added = addUp(scores, constants, (sequence, own, i) => {
        const logprob = scoreOf(sequence, 'logprob')
        const advantages = advantageByToken(own, logprob.length, i)
        const old = constantByToken('oldLogprob', own, logprob.length, i)
        tokens += logprob.length
        return overTokens('logprob', logprob, own.weight, (x, t) => {
          const ratio = Math.exp(x - old[t]!)
          const bounded = clip(ratio, 1 - clipLow, 1 + clipHigh)
          if (bounded !== ratio) clipped++
          return { value: -bounded * advantages[t]! * x, slope: -bounded * advantages[t]! }
        })
      })
      return { ...added, metrics: { clipFraction: fraction(clipped, tokens) } }
    },
  }
}
