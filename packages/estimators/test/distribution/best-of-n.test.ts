import { describe, expect, it } from 'vitest'
import { bestOfNFromDistribution, winRateFromDistribution } from '@posttrain/estimators'
import { expectClose } from '../outcomes.js'

describe('best-of-n of a known distribution', () => {
  const probabilities = [0.1, 0.2, 0.3, 0.25, 0.15]
  const proxy = [0, 1, 1, 2, 3]
  /** Probability that each outcome is chosen: the expected gold where it alone is worth anything. */
  const chosen = (n: number): number[] =>
    probabilities.map((_, i) =>
      bestOfNFromDistribution(
        { probabilities, proxy },
        probabilities.map((__, j) => Number(i === j)),
        n,
      ),
    )

  it('shares ties', () => {
    expectClose(chosen(2), [0.01, 0.14, 0.21, 0.3625, 0.2775], 1e-15)
    expectClose(chosen(4), [0.0001, 0.0518, 0.0777, 0.392406, 0.477994], 1e-6)
  })

  it('wins as often as tabulated, never more than n/(n+1)', () => {
    expect(winRateFromDistribution({ probabilities, proxy }, proxy, 2)).toBeCloseTo(0.6425, 14)
    expect(winRateFromDistribution({ probabilities, proxy }, proxy, 4)).toBeCloseTo(0.771969, 6)
  })

  it('has the expected gold of that distribution', () => {
    expect(bestOfNFromDistribution({ probabilities, proxy }, [1, 0, 1, 0, 1], 2)).toBeCloseTo(0.01 + 0.21 + 0.2775, 14)
    expect(() => bestOfNFromDistribution({ probabilities, proxy: [1] }, proxy, 2)).toThrow('proxy must have 5 entries')
  })
})
