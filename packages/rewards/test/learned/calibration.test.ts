import fc from 'fast-check'
import { scoreInterval } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import { calibrationOf } from '@posttrain/rewards'

describe('calibrationOf', () => {
  const predictions = [0.05, 0.1, 0.31, 0.39, 0.95, 1]
  const outcomes = [0, 1, 0, 1, 1, 1]

  it('is the gap between prediction and outcome, bin by bin of the same width', () => {
    const { ece, brier, bins } = calibrationOf(predictions, outcomes)
    expect(bins).toEqual([
      { count: 1, predicted: 0.05, observed: 0 },
      { count: 1, predicted: 0.1, observed: 1 },
      { count: 2, predicted: expect.closeTo(0.35, 14) as number, observed: 0.5, interval: scoreInterval([0, 1]) },
      { count: 2, predicted: expect.closeTo(0.975, 14) as number, observed: 1, interval: scoreInterval([1, 1]) },
    ])
    expect(ece).toBeCloseTo((0.05 + 0.9 + 2 * 0.15 + 2 * 0.025) / 6, 14)
    expect(brier).toBeCloseTo((0.05 ** 2 + 0.9 ** 2 + 0.31 ** 2 + 0.61 ** 2 + 0.05 ** 2) / 6, 14)
  })

  it('takes bins of the same mass', () => {
    const { ece, bins } = calibrationOf(predictions, outcomes, { bins: 3, binning: 'equal-mass' })
    expect(bins.map(({ count, observed }) => [count, observed])).toEqual([
      [2, 0.5],
      [2, 0.5],
      [2, 1],
    ])
    expect(ece).toBeCloseTo((0.425 + 0.15 + 0.025) / 3, 14)
  })

  it('of one bin is the gap between the means, and more bins of the same edges make no smaller error', () => {
    const pairs = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1)), {
      minLength: 1,
    })
    fc.assert(
      fc.property(pairs, (given) => {
        const [predicted, happened] = [given.map(([p]) => p), given.map(([, y]) => y)]
        const eceOf = (bins: number): number => calibrationOf(predicted, happened, { bins }).ece
        const gap = predicted.reduce((total, p, i) => total + p - happened[i]!, 0) / given.length
        expect(eceOf(1)).toBeCloseTo(Math.abs(gap), 12)
        expect(eceOf(4)).toBeGreaterThanOrEqual(eceOf(2) - 1e-12)
        expect(eceOf(8)).toBeGreaterThanOrEqual(eceOf(4) - 1e-12)
      }),
    )
  })

  it('refuses what is no prediction', () => {
    expect(() => calibrationOf([], [])).toThrow('there are no predictions')
    expect(() => calibrationOf([0.5], [])).toThrow('outcomes must have 1 entries, but has 0')
    expect(() => calibrationOf([1.5], [1])).toThrow('predictions[0] must be a finite number from 0 to 1, but is 1.5')
    expect(() => calibrationOf([0.5], [2])).toThrow('outcomes[0] must be a finite number from 0 to 1, but is 2')
    expect(() => calibrationOf([0.5], [1], { bins: 0 })).toThrow('bins must be an integer of at least 1, but is 0')
  })
})
