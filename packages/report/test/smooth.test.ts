import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { smooth } from '../src/smooth.js'

// Adding 0 turns -0 into 0: a sum keeps no negative zero.
const value = fc.double({ min: -1e3, max: 1e3, noNaN: true }).map((v) => v + 0)
const values = fc.array(value, { maxLength: 30 })

describe('smooth', () => {
  it('averages over the window, cut at the ends', () => {
    expect(smooth([0, 3, 0, 3], 1)).toEqual([1.5, 1, 2, 1.5])
    expect(smooth([1, 2, 6], 5)).toEqual([3, 3, 3])
  })

  it('with radius 0 changes nothing', () => {
    fc.assert(
      fc.property(values, (v) => {
        expect(smooth(v, 0)).toEqual(v)
      }),
    )
  })

  it('stays between the smallest and the largest value', () => {
    fc.assert(
      fc.property(values, fc.nat(5), (v, radius) => {
        for (const average of smooth(v, radius)) {
          expect(average).toBeGreaterThanOrEqual(Math.min(...v) - 1e-9) // 1e-9: rounding of a sum of at most 11 terms
          expect(average).toBeLessThanOrEqual(Math.max(...v) + 1e-9)
        }
      }),
    )
  })

  it('refuses a value that is not finite', () => {
    expect(() => smooth([1, NaN], 1)).toThrow('values[1] must be a finite number')
  })
})
