import { describe, expect, it } from 'vitest'
import { calibratedReward } from '../../src/rewards/calibrated-reward.js'
import { rewardOf } from '../support/enumerated-update.js'
import { allReferenceRewards, referenceRewardsOf, scoresOf } from '../support/reference-rewards.js'

const words = ['a', 'b', 'c', 'd']
const p = [0.4, 0.3, 0.2, 0.1]
const rewards = [0, 5, 5, 7]
const C = [0.4, 0.9, 0.9, 1] // P(r′ ≤ r)
const raw = rewardOf('raw', Object.fromEntries(words.map((word, i) => [word, rewards[i]!])))

describe('calibratedReward', () => {
  it('is the share of the reference that is not better, and unbiased', async () => {
    const exactly = referenceRewardsOf([0, 0, 0, 0, 5, 5, 5, 5, 5, 7])
    expect(await scoresOf(calibratedReward(raw, exactly), words)).toEqual(C)
    const mean = [0, 0, 0, 0]
    for (const [referenceRewards, probability] of allReferenceRewards(rewards, p, 3)) {
      const found = await scoresOf(calibratedReward(raw, referenceRewards), words)
      found.forEach((value, i) => (mean[i]! += probability * value))
    }
    mean.forEach((value, i) => expect(value).toBeCloseTo(C[i]!, 14))
  })
})
