import { expect, it } from 'vitest'
import { noncentralTail, shiftForTail } from '../../src/special/noncentral-t.js'

it.each([
  // scipy 1.17.1: nct.sf(t, df, shift)
  [12.706204736432095, 1, 3, 0.186108074242607],
  [2.7764451051977987, 4, 3.7267799624996494, 0.7932200724441781],
  [2.2621571628540993, 9, 3.1622776601683795, 0.8030962086759166],
  [1.9683, 284, 2.8, 0.7969023618435027],
  [1.96, 100000, 2.8, 0.7995449188145106],
])('P(T > %d) at %d degrees of freedom, shifted by %d', (t, df, shift, tail) =>
  expect(noncentralTail(t, df, shift)).toBeCloseTo(tail, 10),
)

it('finds the shift again', () => {
  for (const df of [1, 4, 30, 1e6]) expect(noncentralTail(2.5, df, shiftForTail(2.5, df, 0.8))).toBeCloseTo(0.8, 10)
})
