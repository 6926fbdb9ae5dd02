import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { ticks } from '../../src/viewer/ticks.js'

it('is round numbers within the range, evenly spaced, at most seven', () => {
  expect(ticks(0, 149)).toEqual([0, 50, 100])
  expect(ticks(0.22, 0.36)).toEqual([0.25, 0.3, 0.35])
  expect(ticks(-3, 3)).toEqual([-3, -2, -1, 0, 1, 2, 3])
  expect(ticks(5, 5)).toEqual([5])
  const bound = fc.double({ min: -1e6, max: 1e6, noNaN: true })
  fc.assert(
    fc.property(bound, fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (low, span) => {
      const found = ticks(low, low + span)
      expect(found.length).toBeGreaterThanOrEqual(2)
      expect(found.length).toBeLessThanOrEqual(7)
      // Twelve digits are written of each.
      const rounding = 1e-9 * (Math.abs(low) + span)
      for (const tick of found) expect(tick >= low - rounding && tick <= low + span + rounding).toBe(true)
    }),
  )
})
