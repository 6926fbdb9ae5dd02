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

describe('betaQuantile', () => {
  it.each([
    // as doubles, by mpmath 1.3.0: Newton steps on the continued fraction with mp.dps = 40
    [5, 6, 0.1, 0.26731809868655193],
    [300, 701, 0.025, 0.27172111212914446],
    [9000, 1001, 0.975, 0.9057154295266348],
    [1, 1000000, 0.025, 2.5317807663794178e-8],
    [300000, 700001, 0.975, 0.3008982457897519],
    [1, 1000000000, 0.1, 1.0536051565227589e-10],
    [1, 1000000000, 0.975, 3.6888794473100194e-9],
    [1000000, 999000001, 0.025, 0.000998041960675846],
    [300000000, 700000001, 0.025, 0.29997159750239666],
    [500000000, 500000001, 0.975, 0.5000309892515777],
    [1000, 999999999001, 1e-6, 8.568146513403051e-10],
    [1000, 999999999001, 0.975, 1.0629211511909162e-9],
  ])('of Beta(%d, %d) at %d is %d, whatever the size of the counts', (a, b, p, quantile) => {
    expect(relativeError(betaQuantile(p, a, b), quantile)).toBeLessThan(1e-13)
  })

  it('is ½ for equal counts of any size, and turns over with its arguments', () => {
    for (const a of [1, 1e3, 1e4, 1e9, 4e15]) expect(Math.abs(betaQuantile(0.5, a, a) - 0.5)).toBeLessThan(1e-15)
    for (const [a, b] of [
      [3e3, 9e3],
      [4e5, 1e15],
      [2, 1e9],
    ] as const) {
      for (const p of [1e-6, 0.025, 0.4]) {
        expect(Math.abs(1 - betaQuantile(1 - p, b, a) - betaQuantile(p, a, b))).toBeLessThan(1e-12)
      }
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
