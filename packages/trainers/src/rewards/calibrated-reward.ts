import type { RewardFunction } from '@posttrain/core'
import { perTask, rankOf } from './reference-ranks.js'
import type { ReferenceRewards } from './reference-rewards.js'
import { transformReward } from './transform-reward.js'

/**
 * Ĉ(y) = (#{rⱼ < r(y)} + ½·#{rⱼ = r(y)})/M over the rewards of the reference's M samples: an unbiased estimate of the
 * calibrated reward of InfAlign (Balashankar et al. 2024, https://arxiv.org/abs/2412.19792), the win rate against the
 * reference, P(r′ < r(y)) + ½·P(r′ = r(y)). Where no rewards tie that is P(r′ ≤ r(y)).
 *
 * @throws PosttrainError `invalid-argument` when it scores a task that has no reference rewards
 * @example
 * ```ts
 * const reward: RewardFunction = { name: 'r', score: async () => [{ kind: 'scored', reward: 0 }] }
 * const rewards = { reward: 'r', count: 4, seed: 0, tasks: [{ task: 'a', rewards: [-1, 0, 0.5, 2], unscored: 0 }] }
 * const usage = { promptTokens: 1, completionTokens: 1 }
 * const sample = { id: 'a', taskId: 'a', index: 0, seed: 0, text: '', finish: 'stop' as const, usage }
 * const [outcome] = await calibratedReward(reward, rewards).score({ id: 'a', prompt: '' }, [sample])
 * outcome // => { kind: 'scored', reward: 0.375 }
 * ```
 */
export const calibratedReward = (
  reward: RewardFunction,
  referenceRewards: ReferenceRewards | undefined,
): RewardFunction =>
  transformReward(
    reward,
    `calibrated ${reward.name}`,
    perTask(referenceRewards, (sorted) => (t) => {
      const { below, equal } = rankOf(sorted, t)
      return (below + equal / 2) / sorted.length
    }),
  )
