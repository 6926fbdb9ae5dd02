import { describe, expect, it } from 'vitest'
import { coverageLaw, fitCoverageLaw } from '@posttrain/estimators'
import { coverageAt } from '../../src/scaling/coverage-law.js'
import { expectClose } from '../outcomes.js'

describe('fitCoverageLaw', () => {
  it('recovers a law exactly', () => {
    const points = [1, 10, 100, 1000].map((k) => ({ k, coverage: Math.exp(-2 * k ** -0.3) }))
    expectClose(
      points.map(({ coverage }) => coverage),
      [0.135335, 0.367007, 0.60509, 0.777412],
      1e-6,
    )
    const { a, b, used, dropped } = fitCoverageLaw(points)
    expectClose([a, b], [-2, -0.3], 1e-12)
    expect([used.length, dropped.length]).toEqual([4, 0])
  })

  it('names the points it drops', () => {
    const points = [
      { k: 1, coverage: 0 },
      { k: 2, coverage: 0.3 },
      { k: 4, coverage: 0.5 },
      { k: 8, coverage: 1 },
    ]
    expect(fitCoverageLaw(points).dropped).toEqual([points[0], points[3]])
    expect(() => fitCoverageLaw([points[0]!, points[1]!])).toThrow('but there are 1 such points')
  })
})

describe('coverageLaw', () => {
  const tasks = Array.from({ length: 60 }, (_, i) => ({ n: 100, c: Math.floor(100 * (i / 60) ** 6) }))
  const law = coverageLaw(tasks, [1, 4, 16, 64], { seed: 1, resamples: 400 })

  it('holds its parameters and predictions in intervals, and says what is extrapolated', () => {
    for (const [value, { lower, upper }] of [
      [law.a, law.intervals.a],
      [law.b, law.intervals.b],
    ] as const) {
      expect(lower).toBeLessThan(value)
      expect(upper).toBeGreaterThan(value)
    }
    const [inside, outside] = [law.predict(16), law.predict(10_000)]
    expect([inside.extrapolated, outside.extrapolated]).toEqual([false, true])
    expect(outside.coverage).toBe(coverageAt(law, 10_000))
    expect(inside.interval.lower).toBeLessThan(inside.coverage)
    expect(inside.interval.upper).toBeGreaterThan(inside.coverage)
  })

  it('refuses k beyond the samples', () => {
    expect(() => coverageLaw(tasks, [1, 200])).toThrow('pass@200 needs at least 200 samples')
  })
})
