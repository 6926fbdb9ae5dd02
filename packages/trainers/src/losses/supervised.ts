import type { Loss } from '@posttrain/core'
import { addUp, overTokens } from './batch.js'

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
  evaluate: (scores, constants) => ({
    ...addUp(scores, constants, ({ logprob }, { weight }) =>
      overTokens('logprob', logprob, weight, (x) => ({ value: -x, slope: -1 })),
    ),
    metrics: {},
  }),
})
