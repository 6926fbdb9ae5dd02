import { requireFinite } from '@posttrain/core'
import { logRankReward } from '../rewards/log-rank-reward.js'
import type { ReferenceRewards } from '../rewards/reference-rewards.js'
import type { Algorithm } from './algorithm.js'
import { onReferenceRanks } from './on-reference-ranks.js'

/**
 * The backward part of BOND, KL(π‖π_bon): RL with reward log P̂(r′ ≤ r(y)) and KL coefficient 1/(N−1) (Sessa et al.
 * 2024, https://arxiv.org/abs/2407.14622). The forward part, KL(π_bon‖π), is imitation: `drawBestOfN` with
 * `supervisedLoss`.
 *
 * log π_bon = log p_ref + (N−1)·log P(r′ ≤ r) + c with c = log Σᵢ₌₁ᴺ (P(r′ < r)/P(r′ ≤ r))ⁱ⁻¹ from 0 to log N. BOND
 * leaves out c; `variationalBestOfN` with `bound: 'exact'` keeps it. P̂ = (#{rⱼ ≤ r} + 1)/(M + 1).
 *
 * @returns a row that transforms the reward, the objective divided by N−1
 * @throws PosttrainError `invalid-argument` for an N that is not above 1
 * @example
 * ```ts
 * bondBackward({ n: 3 }).kl!.coefficient // => 0.5
 * ```
 */
export function bondBackward({
  n,
  referenceRewards,
}: {
  /** Above 1; it need not be whole. */
  readonly n: number
  /**
   * Of the reference's samples for every training task. Without them the row can be looked at, and a run is refused.
   */
  readonly referenceRewards?: ReferenceRewards | undefined
}): Algorithm {
  requireFinite('n', n, { above: 1 })
  return onReferenceRanks({
    name: 'bond-backward',
    paper: 'https://arxiv.org/abs/2407.14622',
    klCoefficient: 1 / (n - 1),
    referenceRewards,
    transform: logRankReward,
  })
}
