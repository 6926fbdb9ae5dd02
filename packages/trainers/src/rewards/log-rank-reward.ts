import type { RewardFunction } from '@posttrain/core'
import { perTask, rankOf } from './reference-ranks.js'
import type { ReferenceRewards } from './reference-rewards.js'
import { transformReward } from './transform-reward.js'

/** log P̂(r′ ≤ r(y)) with P̂ = (#{rⱼ ≤ r} + 1)/(M + 1) over the rewards of M reference samples: what BOND rewards. */
export const logRankReward = (reward: RewardFunction, referenceRewards: ReferenceRewards | undefined): RewardFunction =>
  transformReward(
    reward,
    `log P(≤) of ${reward.name}`,
    perTask(referenceRewards, (sorted) => (t) => {
      const { below, equal } = rankOf(sorted, t)
      return Math.log((below + equal + 1) / (sorted.length + 1))
    }),
  )
