import { invalidArgument, requireFinite, type Loss } from '@posttrain/core'
import { preferenceLoss } from './internal/preference-loss.js'
import { logprobOfSequence } from './internal/sequence-score.js'

/** Settings of ORPO. */
export interface OrpoOptions {
  /** λ, the share of the odds ratio (default 0.1; TRL calls it `beta`). */
  readonly lambda?: number | undefined
}

/**
 * Odds-ratio preference optimisation: Σ w [−l_w − λ log σ(log odds(y_w) − log odds(y_l))] over pairs, with l the mean
 * log-prob of a sequence's tokens and odds = eˡ / (1 − eˡ). No reference.
 *
 * Hong, Lee, Thorne 2024, eq. (7), https://arxiv.org/abs/2403.07691
 *
 * The likelihood term is a mean over the completion's tokens; TRL's is one mean over all tokens of the chosen sequences
 * of a batch, prompts included.
 *
 * Sequences come as chosen, rejected, chosen, …; the weight of the chosen one is that of the pair.
 *
 * @returns a loss of pairs, with the metrics `accuracy` and `margin` of the mean log-probs
 * @throws PosttrainError `invalid-argument` for options out of range, an odd number of sequences, an empty one, or a
 *   rejected one of probability 1, whose odds are infinite
 * @example
 * ```ts
 * const scores = [-0.5, -0.9].map((x) => ({ logprob: Float64Array.of(x, x) }))
 * const constants = scores.map(() => ({ weight: 1 }))
 * orpoLoss({ lambda: 1 }).evaluate(scores, constants).value // => 0.867729
 * ```
 */
export function orpoLoss({ lambda = 0.1 }: OrpoOptions = {}): Loss {
  requireFinite('lambda', lambda, { min: 0 })
  return preferenceLoss({
    name: 'orpo',
    score: logprobOfSequence('mean'),
    term(chosen, rejected) {
      if (!(chosen <= 0 && rejected < 0)) {
        throw invalidArgument(`mean log-probs of a pair must be ≤ 0 and < 0, but are ${chosen} and ${rejected}`)
      }
      // With u = 1 − eˡ: 1/odds ratio = e^(l_l − l_w) u_w / u_l, in a form that has its limit at u_w = 0.
      const [chosenGap, rejectedGap] = [-Math.expm1(chosen), -Math.expm1(rejected)]
      const shared = 1 / (Math.exp(chosen - rejected) * rejectedGap + chosenGap)
      return {
        value: -chosen + lambda * Math.log1p((Math.exp(rejected - chosen) * chosenGap) / rejectedGap),
        chosen: -1 - lambda * shared,
        rejected: (lambda * shared * chosenGap) / rejectedGap,
      }
    },
  })
}
