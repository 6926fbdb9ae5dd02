import { describe, expect, it } from 'vitest'
import { deviance, stirlingError } from '../../src/special/stirling.js'
import { relativeError } from '../exact.js'

describe('stirlingError', () => {
  it('makes the log of the factorial of Stirling’s formula', () => {
    let logFactorial = 0
    for (let n = 1; n <= 2000; n++) {
      logFactorial += Math.log(n)
      const formula = (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI)
      expect(Math.abs(formula + stirlingError(n) - logFactorial)).toBeLessThan(1e-13 * Math.max(1, logFactorial))
    }
  })

  it.each([
    // loggamma(x+1) − (x+½)·log x + x − ½·log 2π by mpmath 1.3.0 with mp.dps = 40
    [0.5, 0.15342640972002736],
    [1, 0.08106146679532726],
    [1.5, 0.05481412105191765],
    [3, 0.02767792568499834],
    [15.5, 0.005375599032926835],
    [16, 0.0052076559196096404],
    [100, 0.0008333305556349147],
    [1e6, 8.333333333333056e-8],
    [1e15, 8.333333344604628e-17],
  ])('of %d is %d', (x, error) => {
    expect(Math.abs(stirlingError(x) - error)).toBeLessThan(2e-15)
  })
})

describe('deviance', () => {
  it('is v·log(v/m) + m − v where that does not cancel', () => {
    for (const [value, mean] of [
      [1, 3],
      [5, 1],
      [100, 300],
      [7, 6.999],
      [2, 3.9],
    ] as const) {
      expect(relativeError(deviance(value, mean), value * Math.log(value / mean) + mean - value)).toBeLessThan(1e-9)
    }
  })

  it('keeps its digits where the two are close: (m − v)²/(2v)·(1 − 2t/3 + t²/2 …), t = (m − v)/v', () => {
    for (const t of [1e-12, -1e-9, 1e-6, -1e-5]) {
      const series = (1e15 * t * t * (1 - (2 * t) / 3 + (t * t) / 2)) / 2
      expect(relativeError(deviance(1e15, 1e15 * (1 + t), 1e15 * t), series)).toBeLessThan(1e-14)
    }
    expect(deviance(3, 3)).toBe(0)
  })

  it('is one function where its two ways meet', () => {
    for (const t of [-0.5, 1]) {
      const [below, above] = [t - 1e-9, t + 1e-9].map((one) => deviance(10, 10 * (1 + one)))
      expect(Math.abs(above! - below!)).toBeLessThan(1e-7)
      expect(relativeError(deviance(10, 10 * (1 + t)), 10 * (t - Math.log1p(t)))).toBeLessThan(1e-14)
    }
  })
})
