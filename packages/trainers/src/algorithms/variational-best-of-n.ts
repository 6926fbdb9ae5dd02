import { requireFinite, requireOneOf } from '@posttrain/core'
import { logCdfReward } from '../rewards/log-cdf-reward.js'
import { logTiltReward } from '../rewards/log-tilt-reward.js'
import type { ReferenceRewards } from '../rewards/reference-rewards.js'
import type { Algorithm } from './algorithm.js'
import { onReferenceRanks } from './on-reference-ranks.js'

/**
 * Trains one sample of the policy to be distributed as best-of-N of the reference (Amini et al. 2024, vBoN,
 * https://arxiv.org/abs/2407.06057): KL-regularised RL with a reward that knows only the rank of an answer, so that it
 * is invariant to increasing transforms of the reward.
 *
 * - `lower`: L = (N−1)·E[log F(r(y))] − KL(π‖p_ref), here divided by N−1: reward log F̂, KL coefficient β = 1/(N−1).
 * - `exact`: J = −KL(π‖π_bon) = E[log(π_bon/p_ref)] − KL(π‖p_ref), whose optimum is best-of-N itself; ties are handled.
 *   J ≥ L + log N.
 *
 * The expected update is the gradient of L/(N−1) or J for the F of the reference rewards; what smoothing does to F is
 * documented at `logCdfReward` and `logTiltReward`.
 *
 * @returns a row that transforms the reward; the reference must be the policy that the rewards were drawn from
 * @throws PosttrainError `invalid-argument` for an N that is not above 1; its transform for rewards of another function
 * @example
 * ```ts
 * variationalBestOfN({ n: 5 }).kl!.coefficient // => 0.25
 * ```
 */
export function variationalBestOfN({
  n,
  bound = 'lower',
  referenceRewards,
}: {
  /** Above 1; it need not be whole. In the lower bound a KL coefficient β stands for N = 1/β + 1. */
  readonly n: number
  readonly bound?: 'lower' | 'exact' | undefined
  /**
   * Of the reference's samples for every training task. Without them the row can be looked at, and a run is refused.
   */
  readonly referenceRewards?: ReferenceRewards | undefined
}): Algorithm {
  requireFinite('n', n, { above: 1 }) // best of 1 is the reference itself
  requireOneOf('bound', bound, ['lower', 'exact'])
  const paper = 'https://arxiv.org/abs/2407.06057'
  return bound === 'lower'
    ? onReferenceRanks({ name: 'vbon', paper, klCoefficient: 1 / (n - 1), referenceRewards, transform: logCdfReward })
    : onReferenceRanks({
        name: 'vbon-exact',
        paper,
        klCoefficient: 1,
        referenceRewards,
        transform: (reward, rewards) => logTiltReward(reward, rewards, n),
      })
}
