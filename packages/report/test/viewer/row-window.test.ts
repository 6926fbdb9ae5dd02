import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rowWindow, scrollTopFor } from '../../src/viewer/row-window.js'

const view = fc.record({
  count: fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 10_000_000 })),
  rowHeight: fc.integer({ min: 20, max: 80 }),
  viewHeight: fc.integer({ min: 100, max: 1000 }),
})

/** A pixel of rounding: browsers scroll by whole ones, which a long list stretches. */
const pixels = ({ count, rowHeight }: { count: number; rowHeight: number }): number =>
  1 + (count * rowHeight) / 15_000_000

describe('rowWindow', () => {
  it('draws the rows in sight and few more, at their places', () => {
    expect(rowWindow({ count: 1000, rowHeight: 50, viewHeight: 500, scrollTop: 0 })).toEqual({
      first: 0,
      end: 18,
      top: 0,
      height: 50_000,
    })
    expect(rowWindow({ count: 1000, rowHeight: 50, viewHeight: 500, scrollTop: 10_010 })).toEqual({
      first: 192,
      end: 219,
      top: 9600,
      height: 50_000,
    })
  })

  it('covers the view at every place, up to the last row at the end', () => {
    fc.assert(
      fc.property(view, fc.double({ min: 0, max: 1, noNaN: true }), (list, place) => {
        const { height } = rowWindow({ ...list, scrollTop: 0 })
        const scrollTop = place * Math.max(0, height - list.viewHeight)
        const { first, end, top } = rowWindow({ ...list, scrollTop })
        expect(top).toBeLessThanOrEqual(scrollTop + pixels(list))
        const bottom = top + (end - first) * list.rowHeight
        expect(bottom).toBeGreaterThanOrEqual(Math.min(height, scrollTop + list.viewHeight) - pixels(list))
        expect(end - first).toBeLessThanOrEqual(list.viewHeight / list.rowHeight + 18)
        if (place === 1) expect(end).toBe(list.count)
      }),
    )
  })

  it('can bring every row into sight', () => {
    fc.assert(
      fc.property(view, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), (list, place, row) => {
        const wanted = row % list.count
        const { height } = rowWindow({ ...list, scrollTop: 0 })
        const before = { ...list, scrollTop: place * Math.max(0, height - list.viewHeight) }
        const scrollTop = scrollTopFor(wanted, before)
        const { first, top } = rowWindow({ ...list, scrollTop })
        const rowTop = top + (wanted - first) * list.rowHeight
        expect(rowTop).toBeGreaterThanOrEqual(scrollTop - pixels(list))
        expect(rowTop + list.rowHeight).toBeLessThanOrEqual(scrollTop + list.viewHeight + pixels(list))
        expect(scrollTopFor(wanted, { ...list, scrollTop })).toBeCloseTo(scrollTop, 3)
      }),
    )
  })
})
