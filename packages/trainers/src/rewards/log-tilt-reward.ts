import { requireFinite, type RewardFunction } from '@posttrain/core'
import { logBestOfNTilt } from '@posttrain/kl'
import { perTask, rankOf } from './reference-ranks.js'
import type { ReferenceRewards } from './reference-rewards.js'
import { transformReward } from './transform-reward.js'

/**
 * R(y) = log(π_bon(y)/p_ref(y)): with KL coefficient 1 the exact objective of variational best-of-N, −KL(π‖π_bon), ties
 * included (Amini et al. 2024, https://arxiv.org/abs/2407.06057, whose formula is for rewards without ties).
 *
 * F̂ = #{rⱼ < r}/(M + 1) and Ê = (#{rⱼ = r} + 1)/(M + 1): the judged answer counts as one more sample of the reference,
 * at its own level, so that both are positive where they must be. No log-prob of the reference is needed. Without ties
 * Ê = 1/(M + 1) stands for a mass of nearly 0, which biases R: for N = 8 and F = 0.9 by −0.068 at M = 50 and −0.012 at
 * M = 300; upward where N·F is small and M no larger than N/F.
 *
 * @param reward the reward best-of-N would choose by
 * @param referenceRewards rewards of the reference's samples for every training task
 * @param n samples best-of-N chooses from
 * @throws PosttrainError `invalid-argument` when it scores a task that has no reference rewards
 * @example
 * ```ts
 * const reward: RewardFunction = { name: 'r', score: async () => [{ kind: 'scored', reward: 1 }] }
 * const rewards = { reward: 'r', count: 3, seed: 0, tasks: [{ task: 'a', rewards: [0, 0, 1], unscored: 0 }] }
 * const usage = { promptTokens: 1, completionTokens: 1 }
 * const sample = { id: 'a', taskId: 'a', index: 0, seed: 0, text: '', finish: 'stop' as const, usage }
 * const [outcome] = await logTiltReward(reward, rewards, 2).score({ id: 'a', prompt: '' }, [sample])
 * outcome // => { kind: 'scored', reward: 0.405465 }
 * ```
 */
export function logTiltReward(
  reward: RewardFunction,
  referenceRewards: ReferenceRewards | undefined,
  n: number,
): RewardFunction {
  requireFinite('n', n, { min: 1 })
  return transformReward(
    reward,
    `log best-of-${n} tilt of ${reward.name}`,
    perTask(referenceRewards, (sorted) => (t) => {
      const { below, equal } = rankOf(sorted, t)
      return logBestOfNTilt({ below: below / (sorted.length + 1), mass: (equal + 1) / (sorted.length + 1) }, n)
    }),
  )
}
