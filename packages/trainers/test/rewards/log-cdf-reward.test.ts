import { describe, expect, it } from 'vitest'
import { logCdfReward } from '../../src/rewards/log-cdf-reward.js'
import { rewardOf } from '../support/enumerated-update.js'
import { binomialMean, referenceRewardsOf, scoresOf } from '../support/reference-rewards.js'

describe('logCdfReward', () => {
  it.each([
    [10, 0.1, 0.4865],
    [50, 0.1, 0.0925],
    [100, 0.1, 0.0455],
    [250, 0.1, 0.0181],
    [300, 0.1, 0.015],
    [10, 0.5, 0.0479],
    [50, 0.5, 0.0099],
    [100, 0.5, 0.005],
    [250, 0.5, 0.002],
    [300, 0.5, 0.0017],
  ])('M = %d, F = %d: log F̂ is biased by %d, as documented', async (M, F, bias) => {
    /** The reward of an answer with c of M reference rewards below it and the others above. */
    const logF = async (c: number): Promise<number> => {
      const referenceRewards = referenceRewardsOf(Array.from({ length: M }, (_, j) => (j < c ? -1 : 1)))
      return (await scoresOf(logCdfReward(rewardOf('raw', { a: 0 }), referenceRewards), ['a']))[0]!
    }
    const values = await Promise.all(Array.from({ length: M + 1 }, (_, c) => logF(c)))
    expect(binomialMean(M, F, (c) => values[c]!) - Math.log(F)).toBeCloseTo(bias, 4)
  })

  it('has the printed vector', async () => {
    const reward = logCdfReward(
      rewardOf('raw', { low: -2, zero: 0, middle: 0.25, high: 3 }),
      referenceRewardsOf([-1, 0, 0.5, 2]),
    )
    const found = await scoresOf(reward, ['low', 'zero', 'middle', 'high'])
    ;[-1.609438, -0.916291, -0.510826, 0].forEach((value, i) => expect(found[i]).toBeCloseTo(value, 6))
  })
})
