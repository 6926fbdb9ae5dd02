import { describe, expect, it } from 'vitest'
import {
  bestOfNCurve,
  bestOfNKlBound,
  coverageLaw,
  fitCoverageLaw,
  fitOverOptimisation,
  overOptimisationLaw,
} from '@posttrain/estimators'
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

describe('over-optimisation', () => {
  it('gives the tabulated best-of-n curve, which turns over', () => {
    const law = overOptimisationLaw('best-of-n', 1, 0.3)
    const ns = [1, 2, 4, 16, 64, 256]
    expectClose(
      ns.map((n) => law.goldAt(bestOfNKlBound(n))),
      [0, 0.381541, 0.606792, 0.804128, 0.829363, 0.768133],
      1e-6,
    )
    expect(Math.sqrt(law.peak!.kl)).toBeCloseTo(1.6667, 4)
    expect(law.peak!.kl).toBeCloseTo(2.778, 3)
  })

  it('peaks where tabulated under reinforcement learning, and not at all for β ≤ 0', () => {
    const law = overOptimisationLaw('rl', 1, 0.5)
    expect(Math.sqrt(law.peak!.kl)).toBeCloseTo(2.71828, 5)
    for (const d of [2.6, 2.8]) expect(law.goldAt(d * d)).toBeLessThan(law.peak!.gold)
    expect(overOptimisationLaw('rl', 1, -0.5).peak).toBeUndefined()
  })

  it.each(['best-of-n', 'rl'] as const)('recovers a %s law from its points, the origin left out', (form) => {
    const law = overOptimisationLaw(form, 1.3, 0.4)
    const fitted = fitOverOptimisation(
      form,
      [0, 0.5, 1, 4, 9].map((kl) => ({ kl, gold: law.goldAt(kl) })),
    )
    expectClose([fitted.alpha, fitted.beta], [1.3, 0.4], 1e-12)
  })

  it('needs two strengths of optimisation', () => {
    expect(() =>
      fitOverOptimisation('rl', [
        { kl: 0, gold: 0 },
        { kl: 1, gold: 1 },
      ]),
    ).toThrow('two different KL above 0')
  })
})

describe('bestOfNCurve', () => {
  it('shows the proxy rise while gold turns over', () => {
    // The three highest proxies are a trap.
    const proxy = [1, 2, 3, 4, 5, 6, 7, 8]
    const gold = [0, 1, 2, 3, 4, -5, -5, -5]
    const curve = bestOfNCurve([{ proxy, gold }], [1, 2, 8])
    expect(curve.map(({ kl }) => kl)).toEqual([0, bestOfNKlBound(2), bestOfNKlBound(8)])
    expect(curve[2]).toMatchObject({ proxy: 8, gold: -5 })
    expect(curve[1]!.proxy).toBeGreaterThan(curve[0]!.proxy)
  })
})
