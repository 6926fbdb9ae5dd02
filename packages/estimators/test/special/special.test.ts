import { describe, expect, it } from 'vitest'
import { betaCdf, betaQuantile, studentQuantile } from '../../src/special/beta.js'
import { logGamma } from '../../src/special/log-gamma.js'
import { normalCdf, normalQuantile } from '../../src/special/normal.js'
import { choose, ratio, relativeError } from '../exact.js'

describe('logGamma', () => {
  it('is the log of the factorial', () => {
    let logFactorial = 0
    for (let n = 1; n <= 1000; n++) {
      expect(Math.abs(logGamma(n + 1) - (logFactorial += Math.log(n)))).toBeLessThan(
        1e-13 * Math.max(1, logFactorial) + 1e-14,
      )
    }
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 14)
    expect(logGamma(0.1)).toBeCloseTo(2.252712651734206, 13)
  })
})

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

describe('normalCdf and normalQuantile', () => {
  it('give the figures of the tables', () => {
    expect(normalCdf(0)).toBe(0.5)
    expect(relativeError(normalCdf(-1.959963984540054), 0.025)).toBeLessThan(1e-14)
    expect(relativeError(normalCdf(-5), 2.866515718791939e-7)).toBeLessThan(1e-13)
    expect(relativeError(normalCdf(-10), 7.619853024160527e-24)).toBeLessThan(1e-13)
    expect([normalQuantile(0), normalQuantile(1), normalCdf(-50), normalCdf(50)]).toEqual([-Infinity, Infinity, 0, 1])
  })

  it('undo each other over the whole range', () => {
    for (const p of [1e-300, 1e-20, 1e-5, 0.3, 0.5, 0.9])
      expect(relativeError(normalCdf(normalQuantile(p)), p)).toBeLessThan(1e-12)
  })

  it('join without a step where the series ends', () => {
    expect(Math.abs(normalCdf(-3) - normalCdf(-2.9999999999))).toBeLessThan(1e-12)
  })
})
