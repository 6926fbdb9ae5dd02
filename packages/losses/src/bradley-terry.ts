import { requireFinite, type Loss } from '@posttrain/core'
import { logisticLoss, sigmoid } from './internal/logistic.js'
import { preferenceLoss } from './internal/preference-loss.js'
import { valueOfSequence } from './internal/sequence-score.js'

/** Settings of the Bradley–Terry loss. */
export interface BradleyTerryOptions {
  /**
   * c, the share of a term that draws the two rewards of a pair to sum 0 (default 0; TRL's
   * `center_rewards_coefficient`, where it recommends 0.01).
   */
  readonly centring?: number | undefined
}

/**
 * The loss of a reward model: Σ w [−log σ(r_w − r_l − m) + c (r_w + r_l)²] over pairs, with r the value at the last
 * token of a sequence and m the `margin` of the pair's first sequence, 0 where it has none.
 *
 * Without the second term only differences of rewards are determined: a constant added to all changes nothing.
 *
 * Bradley, Terry 1952, https://doi.org/10.2307/2334029; Ouyang et al. 2022, eq. (1), https://arxiv.org/abs/2203.02155;
 * margin: Touvron et al. 2023, eq. (2), https://arxiv.org/abs/2307.09288; centring: Eisenstein et al. 2023, eq. (2),
 * https://arxiv.org/abs/2312.09244
 *
 * Sequences come as chosen, rejected, chosen, …, with the mask 1 at their last token alone; the weight of the chosen
 * one is that of the pair. With weights 1 / pairs it is TRL's RewardTrainer.
 *
 * @returns a loss of pairs, with the metrics `accuracy` and `margin`, the mean of r_w − r_l
 * @throws PosttrainError `invalid-argument` for a negative c, an odd number of sequences, other than one value per
 *   sequence, or a margin that is not finite
 * @example
 * ```ts
 * const scores = [2, 0.5].map((r) => ({ value: Float64Array.of(r) }))
 * bradleyTerryLoss().evaluate(scores, [{ weight: 1 }, { weight: 1 }]).value // => 0.201413
 * bradleyTerryLoss().evaluate(scores, [{ weight: 1, margin: 1.5 }, { weight: 1 }]).value // => 0.693147
 * ```
 */
export function bradleyTerryLoss({ centring = 0 }: BradleyTerryOptions = {}): Loss {
  requireFinite('centring', centring, { min: 0 })
  return preferenceLoss({
    name: 'bradley-terry',
    score: valueOfSequence,
    term(chosen, rejected, { margin = 0 }, i) {
      requireFinite(`margin of sequence ${i}`, margin)
      const z = chosen - rejected - margin
      const total = chosen + rejected
      const [slope, drawn] = [-sigmoid(-z), 2 * centring * total]
      return { value: logisticLoss(z) + centring * total ** 2, chosen: slope + drawn, rejected: drawn - slope }
    },
  })
}
