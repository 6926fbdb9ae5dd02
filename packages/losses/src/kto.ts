import { invalidArgument, mean, requireFinite, requireLength, requireOneOf, scoreOf } from '@posttrain/core'
import type { Loss, LossConstants } from '@posttrain/core'
import { addUp } from './internal/add-up.js'
import { constantByToken } from './internal/constant-by-token.js'
import { sigmoid } from './internal/logistic.js'
import { sequenceLogRatio } from './internal/sequence-log-ratio.js'

/** Settings of KTO. */
export interface KtoOptions {
  /** β: how fast value saturates (default 0.1). */
  readonly beta?: number | undefined
  /** λ_D, the weight of a desirable completion (default 1). */
  readonly desirableWeight?: number | undefined
  /** λ_U, the weight of an undesirable one (default 1). */
  readonly undesirableWeight?: number | undefined
  /** `mismatched` (default): z₀ from completions with advantage 0; `zero`: z₀ = 0, which needs none. */
  readonly referencePoint?: 'mismatched' | 'zero' | undefined
}

/**
 * Kahneman–Tversky optimisation, of single completions labelled good or bad: Σᵢ wᵢ (λ − v), where v = λ_D σ(β(rᵢ − z₀))
 * for a desirable and λ_U σ(β(z₀ − rᵢ)) for an undesirable completion, rᵢ = Σₜ log π/π_ref.
 *
 * The advantage is the label: 1 desirable, −1 undesirable, and 0 for a completion of another prompt of the batch, which
 * only feeds the reference point z₀ = max(0, mean of their r). z₀ is a constant and biased for the KL it stands for:
 * the mean over completions that the policy did not draw.
 *
 * Ethayarajh et al. 2024, https://arxiv.org/abs/2402.01306
 *
 * The weight is that of a completion, not of its tokens. TRL draws the completions of other prompts itself, within its
 * batch; here they are the caller's choice.
 *
 * @returns a loss with the metrics `referencePoint` and `mismatched`, the number of completions it is from
 * @throws PosttrainError `invalid-argument` for options out of range, other labels, no `referenceLogprob`, or no
 *   mismatched completion
 * @example
 * ```ts
 * const scores = [-10, -12].map((x) => ({ logprob: Float64Array.of(x) }))
 * const constants = [1, 0].map((advantage) => ({ advantage, weight: 1, referenceLogprob: [-12] }))
 * ktoLoss({ beta: 0.5 }).evaluate(scores, constants).value // => 0.268941
 * ```
 */
export function ktoLoss(options: KtoOptions = {}): Loss {
  const { beta = 0.1, desirableWeight = 1, undesirableWeight = 1, referencePoint = 'mismatched' } = options
  requireFinite('beta', beta, { min: 0 })
  requireFinite('desirableWeight', desirableWeight, { min: 0 })
  requireFinite('undesirableWeight', undesirableWeight, { min: 0 })
  requireOneOf('referencePoint', referencePoint, ['mismatched', 'zero'])
  return {
    name: 'kto',
    differentiates: ['logprob'],
    reads: ['advantage', 'referenceLogprob'],
    evaluate(scores, constants) {
      requireLength('constants', constants, scores.length)
      const labels = constants.map(requireLabel)
      const logprobs = scores.map((sequence) => scoreOf(sequence, 'logprob'))
      const logRatios = logprobs.map((logprob, i) =>
        sequenceLogRatio(logprob, constantByToken('referenceLogprob', constants[i]!, logprob.length, i)),
      )
      const mismatched = logRatios.filter((_, i) => labels[i] === 0)
      if (referencePoint === 'mismatched' && mismatched.length === 0 && scores.length > 0) {
        throw invalidArgument(
          'no sequence has advantage 0, so there is no reference point',
          "add completions of other prompts with advantage 0, or set referencePoint: 'zero'",
        )
      }
      const z0 = referencePoint === 'zero' || mismatched.length === 0 ? 0 : Math.max(0, mean(mismatched))
      const added = addUp(scores, constants, (_, { weight }, i) => {
        const label = labels[i]!
        const lambda = weight * (label === 0 ? 0 : label === 1 ? desirableWeight : undesirableWeight)
        const short = sigmoid(-beta * label * (logRatios[i]! - z0))
        const slope = -lambda * beta * label * short * (1 - short)
        return { value: lambda * short, cotangents: { logprob: new Float64Array(logprobs[i]!.length).fill(slope) } }
      })
      return { ...added, metrics: { referencePoint: z0, mismatched: mismatched.length } }
    },
  }
}

function requireLabel({ advantage }: LossConstants, i: number): -1 | 0 | 1 {
  if (advantage === 1 || advantage === -1 || advantage === 0) return advantage
  const found = typeof advantage === 'object' ? 'one per token' : String(advantage ?? 'missing')
  throw invalidArgument(
    `advantage of sequence ${i} must be 1, −1 or 0, but is ${found}`,
    'KTO takes labels, not rewards',
  )
}
