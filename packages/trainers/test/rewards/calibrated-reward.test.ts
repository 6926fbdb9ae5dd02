import { describe, expect, it } from 'vitest'
import { calibratedReward } from '../../src/rewards/calibrated-reward.js'
import { rewardOf } from '../support/enumerated-update.js'
import { allReferenceRewards, referenceRewardsOf, scoresOf } from '../support/reference-rewards.js'

const words = ['a', 'b', 'c', 'd']
const p = [0.4, 0.3, 0.2, 0.1]
const rewards = [0, 5, 5, 7]
const C = [0.2, 0.65, 0.65, 0.95] // P(r′ < r) + ½·P(r′ = r)
const raw = rewardOf('raw', Object.fromEntries(words.map((word, i) => [word, rewards[i]!])))

describe('calibratedReward', () => {
  it('is the win rate against the reference, ties counting one half, and unbiased', async () => {
    const exactly = referenceRewardsOf([0, 0, 0, 0, 5, 5, 5, 5, 5, 7])
    expect(await scoresOf(calibratedReward(raw, exactly), words)).toEqual(C)
    // A verifier: a wrong answer ties with the three quarters that are wrong, a right one with the rest.
    const verdicts = referenceRewardsOf([0, 0, 0, 1])
    const verifier = rewardOf('raw', { wrong: 0, right: 1 })
    expect(await scoresOf(calibratedReward(verifier, verdicts), ['wrong', 'right'])).toEqual([0.375, 0.875])
    const mean = [0, 0, 0, 0]
    for (const [referenceRewards, probability] of allReferenceRewards(rewards, p, 3)) {
      const found = await scoresOf(calibratedReward(raw, referenceRewards), words)
      found.forEach((value, i) => (mean[i]! += probability * value))
    }
    mean.forEach((value, i) => expect(value).toBeCloseTo(C[i]!, 14))
  })
})
