import { requireFiniteArray, requireLength, type Loss } from '@posttrain/core'
import { addUp, fraction, overTokens, scoreOf } from './batch.js'
import { supervisedLoss } from './supervised.js'

/**
 * Forward, sequence-level distillation: `supervisedLoss` on completions that the teacher drew. Up to the teacher's
 * entropy its mean is KL(teacher ‖ π) of whole sequences, and its gradient is unbiased for that divergence's. On other
 * completions it is imitation of them.
 *
 * Kim, Rush 2016, https://arxiv.org/abs/1606.07947
 *
 * @example
 * ```ts
 * forwardDistillationLoss().evaluate([{ logprob: Float64Array.of(-1) }], [{ advantage: 0, weight: 1 }]).value // => 1
 * ```
 */
export const forwardDistillationLoss = (): Loss => ({ ...supervisedLoss(), name: 'forward-distillation' })

/**
 * Reverse distillation: Σᵢ wᵢ Σₜ KL(π ‖ teacher) of the next-token distributions, exact over the vocabulary, at the
 * prefixes of completions that the student drew. The teacher is the `reference` of the policy's scores, so it must
 * share its vocabulary.
 *
 * Prefixes are held fixed: it leaves out that a token also decides which prefixes come later. `distillationAdvantages`
 * with `toGo` has that part.
 *
 * Agarwal et al. 2023 (GKD with its β = 1), https://arxiv.org/abs/2306.13649
 *
 * @returns a loss of the score `referenceKl`, with the metric `kl` in nats per token
 * @throws PosttrainError `invalid-argument` if a sequence has no `referenceKl`
 * @example
 * ```ts
 * const scores = [{ logprob: Float64Array.of(-1), referenceKl: Float64Array.of(0.25) }]
 * reverseDistillationLoss().evaluate(scores, [{ advantage: 0, weight: 2 }]).value // => 0.5
 * ```
 */
export const reverseDistillationLoss = (): Loss => ({
  name: 'reverse-distillation',
  needs: ['referenceKl'],
  vanishesAtZeroAdvantage: false,
  onPolicy: false,
  evaluate(scores, constants) {
    let [tokens, total] = [0, 0]
    const sum = addUp(scores, constants, (sequence, { weight }, i) => {
      const kl = scoreOf('referenceKl', sequence, i)
      tokens += kl.length
      total += kl.reduce((a, b) => a + b, 0)
      return overTokens('referenceKl', kl, weight, (value) => ({ value, slope: 1 }))
    })
    return { ...sum, metrics: { kl: fraction(total, tokens) } }
  },
})

/** What a token's advantage is made of. */
export interface DistillationAdvantagesOptions {
  /** Count what follows too, Σₛ≥ₜ (default false): the gradient of the KL of whole sequences, with more variance. */
  readonly toGo?: boolean
}

/**
 * Reverse distillation as a policy gradient, for a teacher that gives the log-probs of sampled tokens alone: advantages
 * Aₜ = log π_teacher(yₜ) − log π(yₜ) at the time of sampling, for `policyGradientLoss` or any loss with advantages.
 *
 * On samples of the current policy the gradient is unbiased for that of Σₜ KL(π ‖ teacher) at fixed prefixes, or with
 * `toGo` for that of KL(π ‖ teacher) of whole sequences.
 *
 * @returns one advantage per token, in nats
 * @throws PosttrainError `invalid-argument` for different lengths or log-probs that are not finite
 * @example
 * ```ts
 * distillationAdvantages([-1, -1], [-2, -0.5]) // => new Float64Array([1, -0.5])
 * distillationAdvantages([-1, -1], [-2, -0.5], { toGo: true }) // => new Float64Array([0.5, -0.5])
 * ```
 */
export function distillationAdvantages(
  teacherLogprob: ArrayLike<number>,
  logprob: ArrayLike<number>,
  { toGo = false }: DistillationAdvantagesOptions = {},
): Float64Array {
  requireFiniteArray('teacherLogprob', teacherLogprob)
  requireFiniteArray('logprob', logprob)
  requireLength('logprob', logprob, teacherLogprob.length)
  const advantages = Float64Array.from(teacherLogprob, (x, t) => x - logprob[t]!)
  if (toGo) for (let t = advantages.length - 2; t >= 0; t--) advantages[t]! += advantages[t + 1]!
  return advantages
}
