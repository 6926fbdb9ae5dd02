import { invalidArgument, requireFinite, requireLength, type Loss } from '@posttrain/core'

/** Settings of the clipped surrogate. */
export interface PpoClipOptions {
  /** Ratios below 1 − clipLow stop pushing down (default 0.2). */
  readonly clipLow?: number
  /** Ratios above 1 + clipHigh stop pushing up (default: clipLow; DAPO's clip-higher uses 0.28). */
  readonly clipHigh?: number
}

/**
 * PPO's clipped surrogate, token by token: −Σᵢ wᵢ Σₜ min(ρᵢₜ Aᵢ, clip(ρᵢₜ, 1 − εₗ, 1 + εₕ) Aᵢ) with
 * ρᵢₜ = exp(log πᵢₜ − log πᵢₜ at sampling).
 *
 * On samples of the current policy ρ = 1, and its gradient is that of `policyGradientLoss`. Away from it the per-token
 * ratio is the usual approximation: the exact correction for a k-sample objective is the product over all samples.
 *
 * Schulman et al. 2017, https://arxiv.org/abs/1707.06347
 *
 * @throws PosttrainError `invalid-argument` if a sequence has no log-probs from the time of sampling
 * @example
 * ```ts
 * const scores = [{ logprob: Float64Array.of(Math.log(0.6)) }]
 * const constants = [{ advantage: 1, weight: 1, samplingLogprob: [Math.log(0.4)] }]
 * ppoClipLoss().evaluate(scores, constants).value // => -1.2
 * ```
 */
export function ppoClipLoss({ clipLow = 0.2, clipHigh = clipLow }: PpoClipOptions = {}): Loss {
  requireFinite('clipLow', clipLow, { min: 0, max: 1 })
  requireFinite('clipHigh', clipHigh, { min: 0 })
  return {
    name: 'ppo-clip',
    needs: ['logprob'],
    vanishesAtZeroAdvantage: true,
    onPolicy: false,
    evaluate(scores, constants) {
      let value = 0
      let clipped = 0
      let tokens = 0
      const cotangents = scores.map(({ logprob }, i) => {
        const { advantage, weight, samplingLogprob } = constants[i]!
        if (!samplingLogprob) {
          throw invalidArgument(
            `sequence ${i} has no samplingLogprob, which the importance ratio needs`,
            'sample from a policy that records log-probs',
          )
        }
        requireLength(`samplingLogprob of sequence ${i}`, samplingLogprob, logprob.length)
        const cotangent = logprob.map((x, t) => {
          const ratio = Math.exp(x - samplingLogprob[t]!)
          const bounded = Math.min(Math.max(ratio, 1 - clipLow), 1 + clipHigh)
          const isClipped = bounded * advantage < ratio * advantage
          value -= weight * (isClipped ? bounded : ratio) * advantage
          clipped += isClipped ? 1 : 0
          tokens++
          return isClipped ? 0 : -weight * ratio * advantage
        })
        return { logprob: cotangent }
      })
      return { value, cotangents, metrics: { clipFraction: tokens === 0 ? 0 : clipped / tokens } }
    },
  }
}
