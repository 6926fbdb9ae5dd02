import { describe, expect, it } from 'vitest'
import { mcnemarTest, pairedDifference, signFlipTest, signTest } from '@posttrain/estimators'
import { choose } from '../exact.js'

describe('pairedDifference', () => {
  const a = [0, 0.5, 0.25, 0, 1, 0.75]
  const b = [0.5, 0.5, 0.5, 0.25, 1, 1]

  it('is the mean of b − a with an interval and a p-value', () => {
    const { difference, interval, pValue, tasks } = pairedDifference(a, b, { seed: 1 })
    expect(difference).toBeCloseTo(1.25 / 6, 14)
    expect(interval.lower).toBeLessThan(difference)
    expect(interval.upper).toBeGreaterThan(difference)
    expect(tasks).toBe(6)
    expect(pValue).toBe(2 / 16) // four differences, all of one sign
  })

  it('changes sign with the order of the systems', () => {
    const [forth, back] = [
      pairedDifference(a, b, { method: 'student-t' }),
      pairedDifference(b, a, { method: 'student-t' }),
    ]
    expect(back.difference).toBe(-forth.difference)
    expect(back.pValue).toBe(forth.pValue)
    expect(back.interval.lower).toBeCloseTo(-forth.interval.upper, 14)
  })

  it('finds no difference between equals', () => {
    expect(pairedDifference(a, a)).toMatchObject({ difference: 0, pValue: 1, interval: { lower: 0, upper: 0 } })
  })

  it('refuses systems on different tasks', () => {
    expect(() => pairedDifference([1, 2], [1, 2, 3])).toThrow('b must have 2 entries, but has 3')
  })
})

describe('signFlipTest', () => {
  it('counts signs exactly where there are few', () => {
    // |3 ± 1 ± 1| over eight signs: 5 twice, 3 four times, 1 twice; the observed sum is 3.
    expect(signFlipTest([3, 1, -1])).toBe(6 / 8)
    expect(signFlipTest([0.1, 0.2, 0.3])).toBe(2 / 8) // sums in another order round differently
    expect(signFlipTest([0, 0])).toBe(1)
  })

  it('agrees with the exact count where it draws', () => {
    const differences = [0.5, -0.25, 1, 0.75, 0.5, -0.1, 0.3, 0.9, -0.4, 0.2]
    const exact = signFlipTest(differences, { resamples: 1024 })
    const drawn = signFlipTest(differences, { resamples: 1023, seed: 5 })
    expect(Math.abs(drawn - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / 1023))
  })

  it('flips clusters together', () => {
    expect(signFlipTest([1, 1, 1, 1])).toBe(2 / 16)
    expect(signFlipTest([1, 1, 1, 1], { clusters: ['x', 'x', 'y', 'y'] })).toBe(2 / 4)
  })
})

describe('signTest and mcnemarTest', () => {
  it('are twice a binomial tail', () => {
    let tail = 0n
    for (let j = 0; j <= 7; j++) tail += choose(30, j)
    expect(signTest(23, 7)).toBeCloseTo((2 * Number(tail)) / 2 ** 30, 14)
    expect(signTest(5, 5)).toBe(1)
    expect(signTest(0, 0)).toBe(1)
    const a = [1, 0, 0, 0, 0, 0, 1]
    const b = [1, 1, 1, 1, 1, 1, 0]
    expect(mcnemarTest(a, b)).toEqual({ onlyA: 1, onlyB: 5, pValue: expect.closeTo((2 * 7) / 64, 14) as number })
  })

  it('refuse verdicts other than 0 and 1', () => {
    expect(() => mcnemarTest([0, 0.5], [1, 1])).toThrow('a[1] must be 0 or 1, but is 0.5')
  })
})
