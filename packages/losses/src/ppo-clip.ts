import { requireFinite, scoreOf, type Loss } from '@posttrain/core'
import { addUp } from './internal/add-up.js'
import { advantageByToken } from './internal/advantage-by-token.js'
import { clip } from './internal/clip.js'
import { constantByToken } from './internal/constant-by-token.js'
import { fraction } from './internal/fraction.js'
import { overTokens } from './internal/over-tokens.js'

/** Settings of the clipped surrogate. */
export interface PpoClipOptions {
  /** Ratios below 1 − clipLow stop pushing down (default 0.2). */
  readonly clipLow?: number | undefined
  /** Ratios above 1 + clipHigh stop pushing up (default: clipLow; DAPO's clip-higher uses 0.28). */
  readonly clipHigh?: number | undefined
  /**
   * Ratios above this count as it where the advantage is negative (verl `clip_ratio_c` 3, TRL `delta`); absent: no
   * bound.
   */
  readonly dualClip?: number | undefined
  /** Log-ratios are cut off at ± this, as verl does at 20; absent: never. */
  readonly logRatioClamp?: number | undefined
}

/**
 * PPO's clipped surrogate, token by token: −Σᵢ wᵢ Σₜ min(ρᵢₜ Aᵢₜ, clip(ρᵢₜ, 1 − εₗ, 1 + εₕ) Aᵢₜ) with ρᵢₜ = π/π_old, to
 * the policy before the first update of the batch. With a dual clip c, for negative advantages, the minimum is at least
 * c·Aᵢₜ.
 *
 * In the first update ρ = 1, and its gradient is that of `policyGradientLoss`. Away from it the per-token ratio is the
 * usual approximation: the exact correction for a k-sample objective is the product over all samples.
 *
 * Schulman et al. 2017, https://arxiv.org/abs/1707.06347; clip-higher: DAPO, https://arxiv.org/abs/2503.14476; dual
 * clip: Ye et al. 2020, https://arxiv.org/abs/1912.09729
 *
 * @returns a loss with the metric `clipFraction` and, with a dual clip, `dualClipFraction`, of tokens
 * @throws PosttrainError `invalid-argument` for bounds out of range, or if a sequence lacks `advantage` or `oldLogprob`
 * @example
 * ```ts
 * const scores = [{ logprob: Float64Array.of(Math.log(0.6)) }]
 * const constants = [{ advantage: 1, weight: 1, oldLogprob: [Math.log(0.4)] }]
 * ppoClipLoss().evaluate(scores, constants).value // => -1.2
 * ```
 */
export function ppoClipLoss(options: PpoClipOptions = {}): Loss {
  const { clipLow = 0.2, clipHigh = clipLow, dualClip, logRatioClamp } = options
  requireFinite('clipLow', clipLow, { min: 0, max: 1 })
  requireFinite('clipHigh', clipHigh, { min: 0 })
  if (dualClip !== undefined) requireFinite('dualClip', dualClip, { min: 1 })
  if (logRatioClamp !== undefined) requireFinite('logRatioClamp', logRatioClamp, { min: 0 })
  const most = logRatioClamp ?? Infinity
  return {
    name: 'ppo-clip',
    differentiates: ['logprob'],
    reads: ['advantage', 'oldLogprob'],
    vanishesAtZeroAdvantage: true,
    evaluate(scores, constants) {
      let [tokens, clipped, dualClipped] = [0, 0, 0]
      const added = addUp(scores, constants, (sequence, own, i) => {
        const logprob = scoreOf(sequence, 'logprob')
        const advantages = advantageByToken(own, logprob.length, i)
        const old = constantByToken('oldLogprob', own, logprob.length, i)
        tokens += logprob.length
        return overTokens('logprob', logprob, own.weight, (x, t) => {
          const advantage = advantages[t]!
          if (advantage === 0) return { value: 0, slope: 0 } // even for an infinite ratio
          const logRatio = x - old[t]!
          const ratio = Math.exp(clip(logRatio, -most, most))
          if (dualClip !== undefined && advantage < 0 && ratio > dualClip) {
            dualClipped++
            return { value: -dualClip * advantage, slope: 0 }
          }
          const bounded = clip(ratio, 1 - clipLow, 1 + clipHigh)
          if (bounded * advantage < ratio * advantage) {
            clipped++
            return { value: -bounded * advantage, slope: 0 }
          }
          return { value: -ratio * advantage, slope: Math.abs(logRatio) > most ? 0 : -ratio * advantage }
        })
      })
      const metrics = { clipFraction: fraction(clipped, tokens) }
      if (dualClip === undefined) return { ...added, metrics }
      return { ...added, metrics: { ...metrics, dualClipFraction: fraction(dualClipped, tokens) } }
    },
  }
}
