import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { studentInterval, unpairedDifference } from '@posttrain/estimators'

const verdicts = (right: number, tasks: number): number[] => Array.from({ length: tasks }, (_, i) => Number(i < right))

describe('unpairedDifference', () => {
  it('is Newcombe’s tenth method on Wilson intervals with t quantiles', () => {
    // scipy 1.17.1: Wilson with t.ppf(0.975, n − 1), put together by Newcombe's formula; with z statsmodels has
    // [0.0524, 0.3339].
    const { difference, interval, tasks } = unpairedDifference(verdicts(48, 80), verdicts(56, 70))
    expect(difference).toBeCloseTo(0.2, 14)
    expect(interval.lower).toBeCloseTo(0.04989382167581333, 10)
    expect(interval.upper).toBeCloseTo(0.33587998368231997, 10)
    expect(interval).toMatchObject({ level: 0.95, method: 'newcombe-score' })
    expect(tasks).toBe(150)
  })

  it('has a p-value that agrees with the interval at every level', () => {
    const [a, b] = [verdicts(48, 80), verdicts(56, 70)]
    const { pValue } = unpairedDifference(a, b)
    expect(unpairedDifference(a, b, { level: 1 - pValue * 1.001 }).verdict).toBe('better')
    expect(unpairedDifference(a, b, { level: 1 - pValue / 1.001 }).verdict).toBe('undecided')
    expect(unpairedDifference(b, a).pValue).toBeCloseTo(pValue, 9)
    expect(unpairedDifference(b, a).verdict).toBe('worse')
    expect(unpairedDifference(a, a)).toMatchObject({ pValue: 1, verdict: 'undecided', difference: 0 })
  })

  it('stays within [−1, 1] and is never without width for values in [0, 1]', () => {
    const values = fc.array(fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })), {
      minLength: 2,
      maxLength: 20,
    })
    fc.assert(
      fc.property(values, values, (a, b) => {
        const { interval, difference } = unpairedDifference(a, b)
        expect(interval.lower).toBeGreaterThanOrEqual(-1 - 1e-12)
        expect(interval.upper).toBeLessThanOrEqual(1 + 1e-12)
        expect(interval.lower).toBeLessThanOrEqual(difference)
        expect(interval.upper).toBeGreaterThanOrEqual(difference)
        expect(interval.upper - interval.lower).toBeGreaterThan(0.05)
      }),
      { seed: 1, numRuns: 50 },
    )
  })

  it('adds squared reaches of t intervals for other values', () => {
    const [a, b] = [
      [10, 12, 17, 9],
      [20, 18, 25],
    ]
    const { interval } = unpairedDifference(a, b)
    const reach = Math.hypot(studentInterval(a).upper - 12, studentInterval(b).upper - 21)
    expect(interval).toMatchObject({ lower: expect.closeTo(9 - reach, 10) as number, method: 'newcombe-student-t' })
  })

  it('takes clusters of each side, and refuses one task', () => {
    const inFours = (tasks: number) => ({ clusters: Array.from({ length: tasks }, (_, i) => i >> 2) })
    const options = { a: inFours(80), b: inFours(70) }
    const { interval } = unpairedDifference(verdicts(48, 80), verdicts(56, 70), options)
    expect(interval.upper - interval.lower).toBeGreaterThan(0.5)
    expect(() => unpairedDifference([1], [0, 1])).toThrow('a has 1')
  })
})
