import { requireFinite, type Loss } from '@posttrain/core'
import { preferenceLoss } from './internal/preference-loss.js'
import { logRatioOfSequence } from './internal/sequence-score.js'

/** Settings of IPO. */
export interface IpoOptions {
  /** β, the paper's τ: the gap of log-ratios is drawn to 1/(2β) (default 0.1). */
  readonly beta?: number | undefined
  /** Log-ratios as means over tokens, as TRL takes them, in place of the paper's sums (default false). */
  readonly lengthNormalised?: boolean | undefined
}

/**
 * Identity preference optimisation: Σ w (h − 1/(2β))² over pairs, h = log π/π_ref (y_w) − log π/π_ref (y_l).
 *
 * Azar et al. 2023, eq. (17), https://arxiv.org/abs/2310.12036
 *
 * As in the paper, a log-ratio is that of the whole sequence. TRL divides each by its number of tokens;
 * `lengthNormalised` does too.
 *
 * Sequences come as chosen, rejected, chosen, …; the weight of the chosen one is that of the pair.
 *
 * @returns a loss of pairs, with the metrics `accuracy` and `margin` of the log-ratios
 * @throws PosttrainError `invalid-argument` for β ≤ 0, an odd number of sequences, no `referenceLogprob` or, for means,
 *   an empty sequence
 * @example
 * ```ts
 * const scores = [-10, -12].map((x) => ({ logprob: Float64Array.of(x) }))
 * const constants = [-11, -11.5].map((x) => ({ weight: 1, referenceLogprob: [x] }))
 * ipoLoss({ beta: 0.1 }).evaluate(scores, constants).value // => 12.25
 * ```
 */
export function ipoLoss({ beta = 0.1, lengthNormalised = false }: IpoOptions = {}): Loss {
  requireFinite('beta', beta, { above: 0 })
  const target = 1 / (2 * beta)
  return preferenceLoss({
    name: 'ipo',
    score: logRatioOfSequence(lengthNormalised ? 'mean' : 'sum'),
    term(chosen, rejected) {
      const error = chosen - rejected - target
      return { value: error ** 2, chosen: 2 * error, rejected: -2 * error }
    },
  })
}
