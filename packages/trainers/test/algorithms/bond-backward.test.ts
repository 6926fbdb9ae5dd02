import { bestOfNDistribution, fromProbabilities } from '@posttrain/kl'
import { describe, expect, it } from 'vitest'
import { bondBackward } from '../../src/algorithms/bond-backward.js'
import { rewardOf, transformed } from '../support/enumerated-update.js'
import { referenceRewardsOf, scoresOf } from '../support/reference-rewards.js'

const anchor = fromProbabilities([0.4, 0.3, 0.2, 0.1])
const rewards = [0, 5, 5, 7]
const notBetter = [0.4, 0.9, 0.9, 1] // P(r′ ≤ r) under the anchor

describe('bondBackward', () => {
  it('rewards with log P(≤), which is log π_bon/p_ref but for (N−1) and a term from 0 to log N', async () => {
    const n = 4
    const counts = [400, 300, 200, 100]
    const referenceRewards = referenceRewardsOf(
      counts.flatMap((count, i) => new Array<number>(count).fill(rewards[i]!)),
    )
    const raw = rewardOf('raw', { a: 0, b: 5, c: 5, d: 7 })
    const { reward, algorithm } = transformed(bondBackward({ n, referenceRewards }), raw)
    const found = await scoresOf(reward, ['a', 'b', 'c', 'd'])
    const bon = bestOfNDistribution(anchor, rewards, n)
    const below = [0, 0.4, 0.4, 0.9]
    found.forEach((value, y) => {
      expect(value).toBeCloseTo(Math.log((1000 * notBetter[y]! + 1) / 1001), 12)
      let sum = 0
      for (let i = 0; i < n; i++) sum += (below[y]! / notBetter[y]!) ** i
      const rest = Math.log(bon[y]! / anchor.probabilities[y]!) - (n - 1) * Math.log(notBetter[y]!)
      expect(rest).toBeCloseTo(Math.log(sum), 12)
      expect(rest).toBeGreaterThanOrEqual(0)
      expect(rest).toBeLessThan(Math.log(n))
    })
    expect(algorithm.kl!.coefficient).toBeCloseTo(1 / 3, 14)
    expect(() => bondBackward({ n: 1, referenceRewards })).toThrow('n must be a finite number above 1, but is 1')
  })
})
