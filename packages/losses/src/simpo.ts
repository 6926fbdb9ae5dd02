import { requireFinite, type Loss } from '@posttrain/core'
import { logisticLoss, sigmoid } from './internal/logistic.js'
import { preferenceLoss } from './internal/preference-loss.js'
import { logprobOfSequence } from './internal/sequence-score.js'

/** Settings of SimPO. */
export interface SimpoOptions {
  /** β: how much a mean log-prob counts as reward (default 2). */
  readonly beta?: number | undefined
  /** γ: the margin of rewards to reach (default 1). */
  readonly gamma?: number | undefined
}

/**
 * Simple preference optimisation: −Σ w log σ(β(l_w − l_l) − γ) over pairs, with l the mean log-prob of a sequence's
 * tokens. No reference.
 *
 * Meng, Xia, Chen 2024, https://arxiv.org/abs/2405.14734. TRL's `simpo_gamma` is this γ.
 *
 * Sequences come as chosen, rejected, chosen, …; the weight of the chosen one is that of the pair.
 *
 * @returns a loss of pairs, with the metrics `accuracy` and `margin` of the mean log-probs
 * @throws PosttrainError `invalid-argument` for options out of range, an odd number of sequences or an empty one
 * @example
 * ```ts
 * const scores = [-0.5, -0.9].map((x) => ({ logprob: Float64Array.of(x, x) }))
 * const constants = scores.map(() => ({ weight: 1 }))
 * simpoLoss().evaluate(scores, constants).value // => 0.798139
 * ```
 */
export function simpoLoss({ beta = 2, gamma = 1 }: SimpoOptions = {}): Loss {
  requireFinite('beta', beta, { min: 0 })
  requireFinite('gamma', gamma)
  return preferenceLoss({
    name: 'simpo',
    score: logprobOfSequence('mean'),
    term(chosen, rejected) {
      const z = beta * (chosen - rejected) - gamma
      const slope = -beta * sigmoid(-z)
      return { value: logisticLoss(z), chosen: slope, rejected: -slope }
    },
  })
}
