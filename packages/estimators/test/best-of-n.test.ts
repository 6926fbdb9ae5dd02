import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bestOfN, maxAtK, winRate } from '@posttrain/estimators'
import { rewardVector } from '@posttrain/laws'

const withN = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: -3, max: 3 })), { minLength: 2, maxLength: 12 })
  .chain((scores) =>
    fc.record({
      proxy: fc.constant(scores.map(([proxy]) => proxy)),
      gold: fc.constant(scores.map(([, gold]) => gold)),
      n: fc.integer({ min: 1, max: scores.length }),
    }),
  )

describe('bestOfN', () => {
  it('is max@n where proxy and gold agree', () => {
    fc.assert(
      fc.property(rewardVector(), fc.nat(), (rewards, seed) => {
        const n = 1 + (seed % rewards.length)
        expect(bestOfN({ proxy: rewards, gold: rewards }, n)).toBeCloseTo(maxAtK(rewards, n), 11)
      }),
      { seed: 1 },
    )
  })

  it('is the mean where the proxy says nothing, and does not see the scale of the proxy', () => {
    fc.assert(
      fc.property(withN, ({ proxy, gold, n }) => {
        const mean = gold.reduce((a, b) => a + b, 0) / gold.length
        expect(bestOfN({ proxy: proxy.map(() => 7), gold }, n)).toBeCloseTo(mean, 12)
        expect(bestOfN({ proxy: proxy.map((p) => Math.exp(p)), gold }, n)).toBe(bestOfN({ proxy, gold }, n))
      }),
      { seed: 1 },
    )
  })

  it('gets worse with n where the proxy is the opposite of gold', () => {
    const gold = [1, 2, 3, 4, 5]
    const curve = [1, 2, 3, 4, 5].map((n) => bestOfN({ proxy: gold.map((g) => -g), gold }, n))
    expect(curve).toEqual([3, 2, 1.5, 1.2, 1].map((value) => expect.closeTo(value, 12)))
  })

  it('refuses n beyond the samples and scores that do not match', () => {
    expect(() => bestOfN({ proxy: [1, 2], gold: [1, 2] }, 3)).toThrow('best-of-3 needs at least 3 samples')
    expect(() => bestOfN({ proxy: [1, 2], gold: [1] }, 1)).toThrow('gold must have 2 entries, but has 1')
    expect(() => bestOfN({ proxy: [1, Number.NaN], gold: [1, 2] }, 1)).toThrow('proxy[1] must be a finite number')
  })
})

describe('winRate', () => {
  it('is n/(n+1) where no two samples tie and the proxy is gold', () => {
    const gold = [3, 1, 4, 1.5, 9, 2.6]
    for (let n = 1; n < gold.length; n++) expect(winRate({ proxy: gold, gold }, n)).toBeCloseTo(n / (n + 1), 13)
  })

  it('is one half where all gold is equal, and 1/(n+1) for the opposite proxy', () => {
    expect(winRate({ proxy: [1, 2, 3], gold: [5, 5, 5] }, 2)).toBeCloseTo(0.5, 15)
    expect(winRate({ proxy: [3, 2, 1], gold: [1, 2, 3] }, 2)).toBeCloseTo(1 / 3, 15)
  })

  it('needs one sample more than n', () => {
    expect(() => winRate({ proxy: [1, 2], gold: [1, 2] }, 2)).toThrow(
      'the win rate of best-of-2 needs at least 3 samples',
    )
  })
})
