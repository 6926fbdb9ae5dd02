import { describe, expect, it } from 'vitest'
import { betaCdf, betaQuantile, studentQuantile } from '../../src/special/beta.js'
import { normalQuantile } from '../../src/special/normal.js'
import { choose, ratio, relativeError } from '../exact.js'

describe('betaCdf', () => {
  it('is a tail of the binomial distribution', () => {
    // I_{1/2}(a, n−a+1) = P(Binomial(n, ½) ≥ a)
    for (const n of [1, 7, 50, 333]) {
      for (const a of [1, Math.ceil(n / 3), n]) {
        let tail = 0n
        for (let j = a; j <= n; j++) tail += choose(n, j)
        expect(relativeError(betaCdf(0.5, a, n - a + 1), ratio(tail, 2n ** BigInt(n)))).toBeLessThan(1e-11)
      }
    }
  })

  it('is x for the uniform distribution, and turns over with its arguments', () => {
    for (const x of [0, 0.1, 0.5, 0.99, 1]) expect(betaCdf(x, 1, 1)).toBeCloseTo(x, 14)
    expect(betaCdf(0.3, 2.5, 0.7)).toBeCloseTo(1 - betaCdf(0.7, 0.7, 2.5), 13)
  })

  it('is undone by its quantile', () => {
    for (const [a, b] of [
      [1, 1],
      [0.5, 0.5],
      [40, 3],
      [1000, 2000],
    ] as const) {
      for (const p of [0.001, 0.025, 0.5, 0.975]) expect(betaCdf(betaQuantile(p, a, b), a, b)).toBeCloseTo(p, 12)
    }
  })
})

describe('studentQuantile', () => {
  it('has closed forms for one and two degrees of freedom', () => {
    for (const p of [0.6, 0.9, 0.975, 0.999]) {
      expect(relativeError(studentQuantile(p, 1), Math.tan(Math.PI * (p - 0.5)))).toBeLessThan(1e-10)
      expect(relativeError(studentQuantile(p, 2), (2 * p - 1) / Math.sqrt(2 * p * (1 - p)))).toBeLessThan(1e-10)
    }
    expect(studentQuantile(0.5, 7)).toBeLessThan(1e-7)
  })

  it('approaches the normal quantile', () => {
    expect(studentQuantile(0.975, 1e6)).toBeCloseTo(normalQuantile(0.975), 5)
  })
})
