import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gPassAtK, meanGPassAtK, passAtK } from '@posttrain/estimators'
import { choose, ratio, relativeError } from './exact.js'

describe('gPassAtK', () => {
  it.each([
    [16, 8, 4, [0.961538, 0.715385, 0.284615, 0.038462], 0.161538],
    [48, 36, 16, [1.0, 0.999126, 0.644226, 0.003241], 0.500117],
  ])('n = %d, c = %d, k = %d at τ = ¼, ½, ¾, 1 gives %j and mean %d', (n, c, k, expected, mean) => {
    ;[0.25, 0.5, 0.75, 1].forEach((tau, i) => expect(gPassAtK(n, c, k, tau)).toBeCloseTo(expected[i]!, 6))
    expect(meanGPassAtK(n, c, k)).toBeCloseTo(mean, 6)
  })

  it('equals the hypergeometric sum in rational arithmetic', () => {
    const cases = fc.integer({ min: 1, max: 400 }).chain((n) =>
      fc.record({
        n: fc.constant(n),
        c: fc.integer({ min: 0, max: n }),
        k: fc.integer({ min: 1, max: n }),
        share: fc.nat(),
      }),
    )
    fc.assert(
      fc.property(cases, ({ n, c, k, share }) => {
        const needed = 1 + (share % k)
        let sum = 0n
        for (let j = needed; j <= Math.min(c, k); j++) sum += choose(c, j) * choose(n - c, k - j)
        expect(relativeError(gPassAtK(n, c, k, needed / k), ratio(sum, choose(n, k)))).toBeLessThan(1e-11)
      }),
      { seed: 1 },
    )
  })

  it('is pass@k at τ = 0 and never rises with τ', () => {
    for (const [n, c, k] of [
      [20, 7, 9],
      [64, 1, 32],
      [10, 10, 4],
      [10, 0, 4],
    ] as const) {
      expect(gPassAtK(n, c, k, 0)).toBeCloseTo(passAtK(n, c, k), 13)
      const curve = Array.from({ length: 11 }, (_, i) => gPassAtK(n, c, k, i / 10))
      for (let i = 1; i < curve.length; i++) expect(curve[i]).toBeLessThanOrEqual(curve[i - 1]!)
    }
  })

  it('asks for i of k at τ = i/k although the product may round up', () => {
    // 0.28 · 25 is 7.000000000000001
    expect(gPassAtK(25, 7, 25, 0.28)).toBe(1)
  })

  it('refuses τ outside [0, 1] and k > n', () => {
    expect(() => gPassAtK(10, 3, 5, 1.1)).toThrow('tau must be a finite number from 0 to 1, but is 1.1')
    expect(() => gPassAtK(10, 3, 11, 0.5)).toThrow('G-Pass@11 needs at least 11')
    expect(() => meanGPassAtK(10, 3, 11)).toThrow('mG-Pass@11 needs at least 11')
  })

  it('is a sum over k, and refuses more terms than can be added up; n may be anything', () => {
    const largest = Number.MAX_SAFE_INTEGER
    for (const k of [1e6 + 1, 2e9, largest]) {
      for (const estimate of [() => gPassAtK(largest, 5, k, 0.5), () => meanGPassAtK(largest, 5, k)]) {
        expect(estimate).toThrow(`k must be an integer of at most 1000000, but is ${k}`)
      }
    }
    expect(gPassAtK(largest, (largest - 1) / 2, 1e6, 0.501)).toBeCloseTo(0.0228, 3) // two deviations above the mean
    expect(gPassAtK(largest, 5, 1e6, 1)).toBe(0)
  })
})
