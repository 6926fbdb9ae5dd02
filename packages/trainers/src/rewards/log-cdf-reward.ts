import type { RewardFunction } from '@posttrain/core'
import { smoothedLogCdf } from '@posttrain/kl'
import { perTask } from './reference-ranks.js'
import type { ReferenceRewards } from './reference-rewards.js'
import { transformReward } from './transform-reward.js'

/**
 * R(y) = log F̂(r(y)) with F̂(t) = (#{rⱼ < t} + 1)/(M + 1) over the rewards of M reference samples: the reward of the
 * lower bound of variational best-of-N (Amini et al. 2024, https://arxiv.org/abs/2407.06057). Rewards equal to r(y) are
 * not below it.
 *
 * Adding one keeps the log finite and biases it upward where F is low: E[log F̂] − log F is, for
 *
 * | M | F = 0.1 | F = 0.5 |
 * | --- | --- | --- |
 * | 10 | +0.4865 | +0.0479 |
 * | 50 | +0.0925 | +0.0099 |
 * | 100 | +0.0455 | +0.0050 |
 * | 250 | +0.0181 | +0.0020 |
 * | 300 | +0.0150 | +0.0017 |
 *
 * @param reward the reward best-of-N would choose by
 * @param referenceRewards rewards of the reference's samples for every training task
 * @throws PosttrainError `invalid-argument` when it scores a task that has no reference rewards
 * @example
 * ```ts
 * const reward: RewardFunction = { name: 'r', score: async () => [{ kind: 'scored', reward: 0.25 }] }
 * const rewards = { reward: 'r', count: 4, seed: 0, tasks: [{ task: 'a', rewards: [-1, 0, 0.5, 2], unscored: 0 }] }
 * const usage = { promptTokens: 1, completionTokens: 1 }
 * const sample = { id: 'a', taskId: 'a', index: 0, seed: 0, text: '', finish: 'stop' as const, usage }
 * const [outcome] = await logCdfReward(reward, rewards).score({ id: 'a', prompt: '' }, [sample])
 * outcome // => { kind: 'scored', reward: -0.510826 }
 * ```
 */
export const logCdfReward = (reward: RewardFunction, referenceRewards: ReferenceRewards | undefined): RewardFunction =>
  transformReward(reward, `log F of ${reward.name}`, perTask(referenceRewards, smoothedLogCdf))
