import { expect, it } from 'vitest'
import { noncentralTail, shiftForTail } from '../../src/special/noncentral-t.js'

NCT
it('finds the shift again', () => {
  for (const df of [1, 4, 30, 1e6]) expect(noncentralTail(2.5, df, shiftForTail(2.5, df, 0.8))).toBeCloseTo(0.8, 10)
})
