import { requireFinite, type Loss } from '@posttrain/core'
import { logisticLoss, sigmoid } from './internal/logistic.js'
import { preferenceLoss } from './internal/preference-loss.js'
import { logRatioOfSequence } from './internal/sequence-score.js'

/** Settings of DPO. */
export interface DpoOptions {
  /** β: how much a log-ratio counts as reward (default 0.1). */
  readonly beta?: number | undefined
  /** ε: the share of pairs taken to be labelled the wrong way round (default 0); above 0 it is cDPO. */
  readonly labelSmoothing?: number | undefined
}

/**
 * Direct preference optimisation: Σ w [−(1 − ε) log σ(z) − ε log σ(−z)] over pairs, z = β[log π/π_ref (y_w) − log
 * π/π_ref (y_l)], with log-probs of whole sequences.
 *
 * Rafailov et al. 2023, eq. (7), https://arxiv.org/abs/2305.18290; cDPO: Mitchell 2023,
 * https://ericmitchell.ai/cdpo.pdf
 *
 * TRL's DPOTrainer smooths no labels for this loss; its CPOTrainer does, in this form.
 *
 * Sequences come as chosen, rejected, chosen, …; the weight of the chosen one is that of the pair.
 *
 * @returns a loss of pairs, with the metrics `accuracy` and `margin` of the log-ratios
 * @throws PosttrainError `invalid-argument` for options out of range, an odd number of sequences or no
 *   `referenceLogprob`
 * @example
 * ```ts
 * const scores = [-10, -12].map((x) => ({ logprob: Float64Array.of(x) }))
 * const constants = [-11, -11.5].map((x) => ({ weight: 1, referenceLogprob: [x] }))
 * dpoLoss({ beta: 0.1 }).evaluate(scores, constants).value // => 0.620957
 * ```
 */
export function dpoLoss({ beta = 0.1, labelSmoothing = 0 }: DpoOptions = {}): Loss {
  requireFinite('beta', beta, { min: 0 })
  requireFinite('labelSmoothing', labelSmoothing, { min: 0, max: 0.5 })
  return preferenceLoss({
    name: labelSmoothing === 0 ? 'dpo' : 'cdpo',
    score: logRatioOfSequence('sum'),
    term(chosen, rejected) {
      const z = beta * (chosen - rejected)
      const slope = beta * (labelSmoothing * sigmoid(z) - (1 - labelSmoothing) * sigmoid(-z))
      const value = (1 - labelSmoothing) * logisticLoss(z) + labelSmoothing * logisticLoss(-z)
      return { value, chosen: slope, rejected: -slope }
    },
  })
}
