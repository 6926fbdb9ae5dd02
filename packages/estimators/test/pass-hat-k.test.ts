import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gPassAtK, passAtK, passHatK } from '@posttrain/estimators'
import { choose, ratio, relativeError } from './exact.js'

const counts = fc
  .integer({ min: 1, max: 2000 })
  .chain((n) => fc.record({ n: fc.constant(n), c: fc.integer({ min: 0, max: n }), k: fc.integer({ min: 1, max: n }) }))

describe('passHatK', () => {
  it.each([
    [10, 3, 5, 0],
    [10, 3, 1, 0.3],
    [5, 5, 5, 1],
    [4, 3, 2, 0.5],
  ])('n = %d, c = %d, k = %d gives %d', (n, c, k, expected) => {
    expect(relativeError(passHatK(n, c, k), expected)).toBeLessThan(1e-15)
  })

  it('equals C(c, k)/C(n, k) in rational arithmetic to 1e-12 for n ≤ 2,000', () => {
    fc.assert(
      fc.property(counts, ({ n, c, k }) => {
        const exact = ratio(choose(c, k), choose(n, k))
        // Below the smallest normal double digits are lost by the format itself.
        return exact < 1e-300 ? passHatK(n, c, k) < 1.1e-300 : relativeError(passHatK(n, c, k), exact) <= 1e-12
      }),
      { seed: 1 },
    )
  })

  it('is 1 − pass@k of the wrong samples', () => {
    fc.assert(
      fc.property(counts, ({ n, c, k }) => {
        expect(passHatK(n, c, k)).toBeCloseTo(1 - passAtK(n, n - c, k), 12)
        expect(passHatK(n, c, k)).toBeCloseTo(gPassAtK(n, c, k, 1), 12)
      }),
      { seed: 1 },
    )
  })

  it('holds for n to a thousand million', () => {
    // All but w of n: Π_{j<w} (n−k−j)/(n−j), exact for few wrong samples.
    expect(relativeError(passHatK(1e9, 1e9 - 1, 1e8), 0.9)).toBeLessThan(1e-15)
    expect(relativeError(passHatK(1e9, 1e9 - 2, 1e8), ratio(899_999_999n * 9n, 999_999_999n * 10n))).toBeLessThan(1e-14)
    expect(passHatK(1e9, 5e8, 1e6)).toBe(0) // 2^−1,000,000
    // exp of log C(c, k)/C(n, k), by mpmath's loggamma with 60 digits; one by one these would be hours
    const largest = Number.MAX_SAFE_INTEGER
    expect(relativeError(passHatK(largest, largest - 1e8, 1e8), 0.32948546544572566)).toBeLessThan(1e-14)
    expect(relativeError(passHatK(largest, largest - 2e9, 2e9), 1.3628996016218653e-193)).toBeLessThan(1e-12)
    expect(relativeError(passHatK(1e9, 1e9 - 20_000, 20_000), 0.6703146835056609)).toBeLessThan(1e-14)
    expect(passHatK(largest, 3e15, 2e9)).toBe(0)
  })

  it('refuses k > n and impossible counts', () => {
    expect(() => passHatK(4, 1, 5)).toThrow('pass^5 needs at least 5 samples per task, but there are 4')
    expect(() => passHatK(4, 5, 1)).toThrow('c must be an integer from 0 to 4, but is 5')
  })
})
