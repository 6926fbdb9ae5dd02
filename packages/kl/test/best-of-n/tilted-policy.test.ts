import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bestOfNDistribution,
  bestOfNKl,
  fromProbabilities,
  klDivergence,
  rewardKlFrontier,
  tiltedPolicy,
} from '@posttrain/kl'
import { fullDistributions } from '../arbitrary-distributions.js'

describe('tiltedPolicy', () => {
  it('has the printed optima of pattern selection', () => {
    const reference = fromProbabilities([0.05, 0.7, 0.25])
    const success = [0.9, 0.6, 0.1]
    const printed: readonly [number, readonly number[]][] = [
      [1, [0.073432, 0.761593, 0.164975]],
      [0.1, [0.588687, 0.410326, 0.000987]],
      [0.01, [1, 0, 0]],
    ]
    for (const [beta, expected] of printed) {
      tiltedPolicy(reference, success, beta).probabilities.forEach((p, i) => expect(p).toBeCloseTo(expected[i]!, 6))
    }
  })

  it('is the reference at β = ∞ and no policy does better on E[r] − β·KL', () => {
    const rewards = fc.array(
      fc.integer({ min: -20, max: 20 }).map((x) => x / 10),
      { minLength: 4, maxLength: 4 },
    )
    const betas = fc.integer({ min: 1, max: 40 }).map((x) => x / 10)
    fc.assert(
      fc.property(fullDistributions(4), fullDistributions(4), rewards, betas, (reference, other, reward, beta) => {
        const value = (p: typeof reference): number =>
          p.probabilities.reduce((sum, x, i) => sum + x * reward[i]!, 0) - beta * klDivergence(p, reference)
        expect(value(tiltedPolicy(reference, reward, beta))).toBeGreaterThanOrEqual(value(other) - 1e-10)
        expect([...tiltedPolicy(reference, reward, Infinity).probabilities]).toEqual(
          Array.from(reference.probabilities, (p) => expect.closeTo(p, 14) as number),
        )
      }),
    )
    expect(() => tiltedPolicy(fromProbabilities([1]), [0], 0)).toThrow('beta must be above 0, but is 0')
  })
})

describe('rewardKlFrontier', () => {
  it('bounds best-of-n: at its KL, or less, a tilted policy earns at least as much', () => {
    fc.assert(
      fc.property(fullDistributions(4), fc.integer({ min: 2, max: 32 }), (reference, n) => {
        const rewards = [0, 0.3, 0.7, 1]
        const kl = bestOfNKl(reference, rewards, n)
        const reward = bestOfNDistribution(reference, rewards, n).reduce((sum, p, i) => sum + p * rewards[i]!, 0)
        // KL falls with β: bisect for the point of the same KL, from the side of less.
        let [low, high] = [1e-4, 1e4]
        for (let i = 0; i < 200; i++) {
          const middle = Math.sqrt(low * high)
          if (rewardKlFrontier(reference, rewards, [middle])[0]!.kl > kl) low = middle
          else high = middle
        }
        const [point] = rewardKlFrontier(reference, rewards, [low])
        expect(point!.reward).toBeGreaterThanOrEqual(reward - 1e-9)
      }),
    )
  })

  it('rises in reward and KL as β falls', () => {
    const points = rewardKlFrontier(fromProbabilities([0.7, 0.2, 0.1]), [0, 1, 2], [Infinity, 4, 1, 0.25])
    for (let i = 1; i < points.length; i++) {
      expect(points[i]!.reward).toBeGreaterThan(points[i - 1]!.reward)
      expect(points[i]!.kl).toBeGreaterThan(points[i - 1]!.kl)
    }
    expect(points[0]).toEqual({
      beta: Infinity,
      reward: expect.closeTo(0.4, 14) as number,
      kl: expect.closeTo(0, 15) as number,
    })
  })
})
