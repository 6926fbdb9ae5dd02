import { invalidArgument, requireFinite, requireLength, type Loss } from '@posttrain/core'
import { addUp, constantOf } from './batch.js'
import { sigmoid } from './logistic.js'

/** Settings of KTO. */
export interface KtoOptions {
  /** β: how fast value saturates (default 0.1). */
  readonly beta?: number
  /** λ_D, the weight of a desirable completion (default 1). */
  readonly desirableWeight?: number
  /** λ_U, the weight of an undesirable one (default 1). */
  readonly undesirableWeight?: number
  /** `mismatched` (default): z₀ from completions with advantage 0; `zero`: z₀ = 0, which needs none. */
  readonly referencePoint?: 'mismatched' | 'zero'
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
 * mismatched completion
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
  if (!['mismatched', 'zero'].includes(referencePoint)) {
    throw invalidArgument(`referencePoint must be mismatched or zero, but is ${referencePoint}`)
  }
  return {
    name: 'kto',
    needs: ['logprob'],
    vanishesAtZeroAdvantage: false,
    onPolicy: false,
    evaluate(scores, constants) {
      requireLength('constants', constants, scores.length)
      const labels = constants.map(({ advantage }, i) => requireLabel(advantage, i))
      const logRatios = scores.map(({ logprob }, i) => {
        const reference = constantOf('referenceLogprob', constants[i]!, logprob.length, i)
        return logprob.reduce((sum, x, t) => sum + (x - reference[t]!), 0)
      })
      const mismatched = logRatios.filter((_, i) => labels[i] === 0)
      if (referencePoint === 'mismatched' && mismatched.length === 0 && scores.length > 0) {
        throw invalidArgument(
          'no sequence has advantage 0, so there is no reference point',
          "add completions of other prompts with advantage 0, or set referencePoint: 'zero'",
        )
      }
      const mean = mismatched.reduce((sum, r) => sum + r, 0) / Math.max(1, mismatched.length)
      const z0 = referencePoint === 'zero' ? 0 : Math.max(0, mean)
      const sum = addUp(scores, constants, ({ logprob }, { weight }, i) => {
        const label = labels[i]!
        const lambda = weight * (label === 0 ? 0 : label === 1 ? desirableWeight : undesirableWeight)
        const short = sigmoid(-beta * label * (logRatios[i]! - z0))
        const slope = -lambda * beta * label * short * (1 - short)
        return { value: lambda * short, cotangents: { logprob: new Float64Array(logprob.length).fill(slope) } }
      })
      return { ...sum, metrics: { referencePoint: z0, mismatched: mismatched.length } }
    },
  }
}

function requireLabel(advantage: number | ArrayLike<number>, i: number): -1 | 0 | 1 {
  if (advantage === 1 || advantage === -1 || advantage === 0) return advantage
  const found = typeof advantage === 'number' ? String(advantage) : 'one per token'
  throw invalidArgument(
    `advantage of sequence ${i} must be 1, −1 or 0, but is ${found}`,
    'KTO takes labels, not rewards',
  )
}
