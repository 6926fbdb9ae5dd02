import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exponentialExcess, logSumExp } from '../src/numerics.js'

describe('exponentialExcess', () => {
  it('has full relative precision around 0, where eˣ − 1 − x has none', () => {
    // x²/2 + x³/6 + x⁴/24 is exact to 1e-16 of itself for |x| ≤ 1e-5
    for (const x of [1e-5, -1e-5, 1e-8, -1e-12, 1e-160]) {
      expect(exponentialExcess(x) / ((x * x) / 2 + x ** 3 / 6 + x ** 4 / 24)).toBeCloseTo(1, 14)
    }
    expect(Math.abs((Math.expm1(1e-8) - 1e-8) / 5e-17 - 1)).toBeGreaterThan(1e-9)
  })

  it('is continuous where the series ends, positive, and right far out', () => {
    for (const x of [0.5, -0.5]) {
      const inside = exponentialExcess(x * (1 - Number.EPSILON))
      expect(Math.abs(inside / exponentialExcess(x) - 1)).toBeLessThan(3e-15) // expm1(x) − x loses a digit here
    }
    fc.assert(fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => exponentialExcess(x) >= 0))
    expect(exponentialExcess(-800)).toBe(799)
    expect(exponentialExcess(-Infinity)).toBe(Infinity)
    expect(exponentialExcess(0)).toBe(0)
  })
})

describe('logSumExp', () => {
  it('neither overflows nor loses what is small', () => {
    expect(logSumExp([1e4, 1e4])).toBeCloseTo(1e4 + Math.LN2, 12)
    expect(logSumExp([-Infinity, -3])).toBe(-3)
    expect(logSumExp([])).toBe(-Infinity)
  })
})
