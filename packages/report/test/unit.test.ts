import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatNumber, nats, percent, plain, points } from '../src/unit.js'

describe('formatNumber', () => {
  it('scales and rounds', () => {
    expect(formatNumber(0.3118, percent)).toBe('31.2')
    expect(formatNumber(0.34219, nats)).toBe('0.342')
    expect(formatNumber(2)).toBe('2.000')
  })

  it('signs differences, with a true minus', () => {
    expect(formatNumber(0.181, points)).toBe('+18.1')
    expect(formatNumber(-0.181, points)).toBe('−18.1')
  })

  it('never writes a negative zero or a signed one', () => {
    expect(formatNumber(-0.0001, percent)).toBe('0.0')
    expect(formatNumber(-0, plain)).toBe('0.000')
    expect(formatNumber(0.0004, points)).toBe('0.0')
  })

  it('is within half a unit of the last place of the value', () => {
    fc.assert(
      fc.property(fc.double({ min: -10, max: 10, noNaN: true }), (value) => {
        const read = Number(formatNumber(value, percent).replace('−', '-'))
        expect(Math.abs(read - value * 100)).toBeLessThanOrEqual(0.05 + 1e-9) // 1e-9: the rounding of value × 100
      }),
    )
  })

  it('refuses what is not finite', () => {
    expect(() => formatNumber(NaN)).toThrow('value must be a finite number, but is NaN')
  })
})
