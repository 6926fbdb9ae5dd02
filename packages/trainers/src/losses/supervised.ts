import type { Loss } from '@posttrain/core'

/**
 * Negative log-likelihood: −Σᵢ wᵢ Σₜ log π(yᵢₜ | x, yᵢ₍<ₜ₎). The advantage is not used.
 *
 * With wᵢ = 1 / number of completion tokens of the batch it is the mean cross-entropy per token.
 *
 * @example
 * ```ts
 * const { value } = supervisedLoss().evaluate([{ logprob: Float64Array.of(-1, -2) }], [{ advantage: 1, weight: 0.5 }])
 * value // => 1.5
 * ```
 */
export const supervisedLoss = (): Loss => ({
  name: 'supervised',
  needs: ['logprob'],
  vanishesAtZeroAdvantage: false,
  onPolicy: false,
  evaluate(scores, constants) {
    let value = 0
    const cotangents = scores.map(({ logprob }, i) => {
      const { weight } = constants[i]!
      for (const x of logprob) value -= weight * x
      return { logprob: new Float64Array(logprob.length).fill(-weight) }
    })
    return { value, cotangents, metrics: {} }
  },
})
