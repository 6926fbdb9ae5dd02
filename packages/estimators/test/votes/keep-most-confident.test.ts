import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keepMostConfident, leastKept, weightedVote } from '@posttrain/estimators'

const confidences = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 30 })
const shares = fc.integer({ min: 1, max: 10 })

describe('keepMostConfident', () => {
  it('keeps ⌈η·N⌉ votes with their confidences, and what is as confident as the least of them', () => {
    fc.assert(
      fc.property(confidences, shares, (given, tenths) => {
        const weights = keepMostConfident(tenths / 10)(given)
        const least = Math.ceil((tenths * given.length) / 10)
        const order = [...given].sort((a, b) => b - a)
        const threshold = order[least - 1]!
        expect(leastKept(given, tenths / 10)).toBe(threshold)
        expect(weights).toEqual(given.map((one) => (one >= threshold ? one : 0)))
      }),
    )
    expect(keepMostConfident(0.1)([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 10])
    expect(keepMostConfident(0.9)([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toEqual([0, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(keepMostConfident(0.1)([7, 7, 1])).toEqual([7, 7, 0])
    expect(keepMostConfident(1)([2, 1])).toEqual([2, 1])
    expect(keepMostConfident(0.5)([])).toEqual([])
  })

  it('decides a vote by its most confident tenth, where all of it says otherwise', () => {
    const ballots = ['a', 'a', 'a', 'b'].map((answer, i) => ({ answer, weight: [3, 3, 3, 4][i]!, reward: 0 }))
    expect(weightedVote(ballots).winners).toEqual(['a'])
    expect(weightedVote(ballots, keepMostConfident(0.1)).winners).toEqual(['b'])
    expect(keepMostConfident(0.1).name).toBe('keepMostConfident(0.1)')
  })

  it('refuses what is no share or no confidence', () => {
    for (const share of [0, 1.1, NaN]) expect(() => keepMostConfident(share)).toThrow('share must be a finite number')
    expect(() => keepMostConfident(0.5)([-1, 1])).toThrow('which must not be negative')
    expect(() => keepMostConfident(0.5)([NaN])).toThrow('confidences')
    expect(() => leastKept([], 0.5)).toThrow('confidences are empty')
    expect(() => leastKept([1], 0)).toThrow('share')
  })
})
