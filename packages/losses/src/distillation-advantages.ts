import { requireFiniteArray, requireLength } from '@posttrain/core'

/** What a token's advantage is made of. */
export interface DistillationAdvantagesOptions {
  /** Count what follows too, Σₛ≥ₜ (default false): the gradient of the KL of whole sequences, with more variance. */
  readonly toGo?: boolean | undefined
}

/**
 * Reverse distillation as a policy gradient, for a teacher that gives the log-probs of sampled tokens alone: advantages
 * Aₜ = log π_teacher(yₜ) − log π(yₜ), for `policyGradientLoss` or any loss with advantages.
 *
 * On samples of the current policy π the gradient is unbiased for that of Σₜ KL(π ‖ teacher) at fixed prefixes, or with
 * `toGo` for that of KL(π ‖ teacher) of whole sequences.
 *
 * Agarwal et al. 2023 (GKD with its β = 1), https://arxiv.org/abs/2306.13649
 *
 * @param teacherLogprob (chosen tokens), in nats
 * @param logprob (chosen tokens), in nats: of the policy that drew them
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
