import { describe, expect, it } from 'vitest'
import { logGamma } from '../../src/special/log-gamma.js'

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
