import { describe, expect, it } from 'vitest'
import { logRankReward } from '../../src/rewards/log-rank-reward.js'
import { rewardOf } from '../support/enumerated-update.js'
import { referenceRewardsOf, scoresOf } from '../support/reference-rewards.js'

describe('logRankReward', () => {
  it('is log P(≤) with one more sample counted, ties included', async () => {
    const raw = rewardOf('raw', { low: -2, zero: 0, middle: 0.25, high: 3 })
    const reward = logRankReward(raw, referenceRewardsOf([-1, 0, 0, 2]))
    const found = await scoresOf(reward, ['low', 'zero', 'middle', 'high'])
    ;[1 / 5, 4 / 5, 4 / 5, 1].forEach((rank, i) => expect(found[i]).toBeCloseTo(Math.log(rank), 14))
    expect(reward.name).toBe('log P(≤) of raw')
  })
})
