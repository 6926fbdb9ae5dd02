import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { passAtK } from '@posttrain/estimators'
import { choose, ratio, relativeError } from './exact.js'

describe('passAtK', () => {
  it.each([
    [10, 3, 1, 0.3],
    [10, 3, 5, 0.9166666666666666],
    [10, 3, 8, 1],
    [200, 13, 100, 0.9999194971988055],
    [5, 0, 3, 0],
    [5, 5, 5, 1],
    [4, 2, 2, 0.8333333333333334],
  ])('n = %d, c = %d, k = %d gives %d', (n, c, k, expected) => {
    expect(relativeError(passAtK(n, c, k), expected)).toBeLessThan(1e-15)
  })

  it('equals 1 − C(n−c, k)/C(n, k) in rational arithmetic to 1e-12 for n ≤ 2,000', () => {
    const counts = fc
      .integer({ min: 1, max: 2000 })
      .chain((n) =>
        fc.record({ n: fc.constant(n), c: fc.integer({ min: 0, max: n }), k: fc.integer({ min: 1, max: n }) }),
      )
    fc.assert(
      fc.property(counts, ({ n, c, k }) => {
        const all = choose(n, k)
        return relativeError(passAtK(n, c, k), ratio(all - choose(n - c, k), all)) <= 1e-12
      }),
      { seed: 1 },
    )
  })

  it('keeps 1e-12 for n to the largest whole number, where 1 − Π cancels', () => {
    // With few correct samples the rational value needs few factors: 1 − Π (n−k−j)/(n−j), j < c.
    const exact = (n: number, c: number, k: number): number => {
      let missed = 1n
      let all = 1n
      for (let j = 0; j < c; j++) {
        missed *= BigInt(n - k - j)
        all *= BigInt(n - j)
      }
      return ratio(all - missed, all)
    }
    for (const n of [1e4, 1e6, 123_456_789, 1e9, 1e12, Number.MAX_SAFE_INTEGER]) {
      for (const [c, k] of [
        [1, 1],
        [1, n / 2],
        [3, 8],
        [40, 1000],
        [200, Math.floor(n / 1000)],
      ] as const) {
        const whole = Math.floor(k)
        expect(relativeError(passAtK(n, c, whole), exact(n, c, whole))).toBeLessThan(1e-12)
      }
    }
    // Both large: the same product over 30,000 factors.
    expect(relativeError(passAtK(1e9, 30_000, 30_000), exact(1e9, 30_000, 30_000))).toBeLessThan(1e-12)
    expect(passAtK(1e9, 5e8, 5e8)).toBe(1)
  })

  it('takes no time for the largest counts: draw by draw these would be hours', () => {
    const largest = Number.MAX_SAFE_INTEGER
    for (let i = 0; i < 1000; i++) {
      expect(passAtK(largest, 3e15, 2e9)).toBe(1)
      expect(passAtK(1e9, 1e8, 1e8)).toBe(1)
      // −expm1 of mpmath's 60 digits
      expect(relativeError(passAtK(largest, 1e8, 1e8), 0.6705145345542743)).toBeLessThan(1e-13)
    }
  })

  it('is unbiased where the plug-in estimate 1 − (1 − c/n)ᵏ is biased low', () => {
    const [p, n, k] = [0.1, 10, 5]
    const moments = (estimate: (c: number) => number): [mean: number, variance: number] => {
      let mean = 0
      let square = 0
      for (let c = 0; c <= n; c++) {
        const probability = Number(choose(n, c)) * p ** c * (1 - p) ** (n - c)
        mean += probability * estimate(c)
        square += probability * estimate(c) ** 2
      }
      return [mean, square - mean * mean]
    }
    const [unbiased, variance] = moments((c) => passAtK(n, c, k))
    const [plugIn, plugInVariance] = moments((c) => 1 - (1 - c / n) ** k)
    expect(unbiased).toBeCloseTo(0.40951, 12)
    expect(plugIn).toBeCloseTo(0.348516, 6)
    expect([variance, plugInVariance]).toEqual([expect.closeTo(0.1068, 4), expect.closeTo(0.0818, 4)])
  })

  it('refuses k > n and impossible counts, naming the argument', () => {
    expect(() => passAtK(4, 1, 5)).toThrow('pass@5 needs at least 5 samples per task, but there are 4')
    expect(() => passAtK(4, 5, 1)).toThrow('c must be an integer from 0 to 4, but is 5')
    expect(() => passAtK(4, -1, 1)).toThrow('c must be')
    expect(() => passAtK(4, 1, 0)).toThrow('k must be an integer of at least 1, but is 0')
    expect(() => passAtK(0, 0, 1)).toThrow('n must be')
    expect(() => passAtK(4.5, 1, 1)).toThrow('n must be')
    expect(() => passAtK(Number.NaN, 1, 1)).toThrow('n must be')
  })
})
