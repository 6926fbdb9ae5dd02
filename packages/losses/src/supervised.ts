import { scoreOf, type Loss } from '@posttrain/core'
import { addUp } from './internal/add-up.js'
import { overTokens } from './internal/over-tokens.js'

/**
 * Negative log-likelihood: −Σᵢ wᵢ Σₜ log π(yᵢₜ | x, yᵢ₍<ₜ₎).
 *
 * With wᵢ = 1 / number of chosen tokens of the batch it is the mean cross-entropy per token.
 *
 * On completions that a teacher drew it is forward, sequence-level distillation: up to the teacher's entropy its mean
 * is KL(teacher ‖ π) of whole sequences, and its gradient is unbiased for that divergence's. On other completions it is
 * imitation of them.
 *
 * Kim, Rush 2016, https://arxiv.org/abs/1606.07947
 *
 * @throws PosttrainError `invalid-argument` if a sequence has no `logprob`
 * @example
 * ```ts
 * const { value } = supervisedLoss().evaluate([{ logprob: Float64Array.of(-1, -2) }], [{ weight: 0.5 }])
 * value // => 1.5
 * ```
 */
export const supervisedLoss = (): Loss => ({
  name: 'supervised',
  differentiates: ['logprob'],
  reads: [],
  evaluate: (scores, constants) => ({
    ...addUp(scores, constants, (sequence, { weight }) =>
      overTokens('logprob', scoreOf(sequence, 'logprob'), weight, (x) => ({ value: -x, slope: -1 })),
    ),
    metrics: {},
  }),
})
