import { logBestOfNTilt } from '@posttrain/kl'
import { describe, expect, it } from 'vitest'
import { logTiltReward } from '../../src/rewards/log-tilt-reward.js'
import { rewardOf } from '../support/enumerated-update.js'
import { binomialMean, referenceRewardsOf, scoresOf } from '../support/reference-rewards.js'

describe('logTiltReward', () => {
  it.each([
    [50, 0.9, -0.0681],
    [300, 0.9, -0.0116],
    [50, 0.1, 0.0245],
    [10, 0.1, 1.8903],
  ])('M = %d, F = %d, N = 8, no ties: biased by %d', async (M, F, bias) => {
    /** The reward of an answer with c of M reference rewards below it and the others above. */
    const logTilt = async (c: number): Promise<number> => {
      const referenceRewards = referenceRewardsOf(Array.from({ length: M }, (_, j) => (j < c ? -1 : 1)))
      return (await scoresOf(logTiltReward(rewardOf('raw', { a: 0 }), referenceRewards, 8), ['a']))[0]!
    }
    const values = await Promise.all(Array.from({ length: M + 1 }, (_, c) => logTilt(c)))
    expect(binomialMean(M, F, (c) => values[c]!) - Math.log(8) - 7 * Math.log(F)).toBeCloseTo(bias, 4)
  })

  it('tends to the exact tilt for many reference rewards, with ties', async () => {
    const words = ['a', 'b', 'c', 'd', 'e']
    const [p, rewards] = [[0.1, 0.2, 0.3, 0.25, 0.15], [0, 1, 1, 2, 3]] // prettier-ignore
    const massWhere = (holds: (r: number) => boolean): number =>
      p.reduce((sum, q, i) => sum + (holds(rewards[i]!) ? q : 0), 0)
    const M = 20_000
    const many = referenceRewardsOf(p.flatMap((q, i) => new Array<number>(Math.round(q * M)).fill(rewards[i]!)))
    const raw = rewardOf('raw', Object.fromEntries(words.map((word, i) => [word, rewards[i]!])))
    const found = await scoresOf(logTiltReward(raw, many, 4), words)
    found.forEach((value, i) => {
      const level = { below: massWhere((r) => r < rewards[i]!), mass: massWhere((r) => r === rewards[i]!) }
      expect(Math.abs(value - logBestOfNTilt(level, 4))).toBeLessThan(2e-3)
    })
  })

  it('refuses an N below 1', () => {
    expect(() => logTiltReward(rewardOf('raw', {}), referenceRewardsOf([0]), 0)).toThrow(
      'n must be a finite number of at least 1',
    )
  })
})
