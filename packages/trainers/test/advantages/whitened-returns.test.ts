import { describe, expect, it } from 'vitest'
import type { AdvantageInput } from '../../src/advantages/advantage-estimator.js'
import { whitenedReturns } from '../../src/advantages/whitened-returns.js'
import { flat, groupOf } from './token-groups.js'

describe('whitenedReturns', () => {
  it('looks at all groups together', () => {
    const estimator = whitenedReturns()
    const groups = [groupOf([[1, 1], [2, 1]]), groupOf([[3, 0], [2, 0]])] // prettier-ignore
    const values = estimator.advantages(groups).flatMap(({ advantages }) => flat(advantages))
    expect(values.reduce((a, b) => a + b)).toBeCloseTo(0, 12)
    expect(values.reduce((sum, a) => sum + a * a, 0) / 8).toBeCloseTo(1, 12)
    // Each group alone is constant, and would say nothing.
    expect(flat(estimator.advantages([groups[0]!])[0]!.advantages)).toEqual([0, 0, 0])
  })

  it('discounts, and pays penalties by token', () => {
    const group: AdvantageInput = {
      ...groupOf([
        [2, 1],
        [2, 0],
      ]),
      tokenRewards: [Float64Array.of(-1, 0), Float64Array.of(0, 0)],
    }
    const [assigned] = whitenedReturns({ gamma: 0.5 }).advantages([group])
    // returns: (−1 + 0.5·1, 1), (0, 0): mean 0.125, variance 0.296875
    const expected = [-0.5, 1, 0, 0].map((x) => (x - 0.125) / Math.sqrt(0.296875))
    flat(assigned!.advantages).forEach((a, t) => expect(a).toBeCloseTo(expected[t]!, 12))
  })

  it('above the group mean takes prompts’ difficulty out first', () => {
    const groups = [groupOf([[1, 1], [1, 1]]), groupOf([[1, 0], [1, 1]])] // prettier-ignore
    const assigned = whitenedReturns({ groupBaseline: true }).advantages(groups)
    expect(flat(assigned[0]!.advantages)).toEqual([0, 0])
    expect(flat(assigned[1]!.advantages).map(Math.sign)).toEqual([-1, 1])
  })
})
