import { describe, expect, it } from 'vitest'
import { differenceFromValue, scoreInterval } from '@posttrain/estimators'

const verdicts = Array.from({ length: 80 }, (_, i) => Number(i < 48))

describe('differenceFromValue', () => {
  it('is the interval of the mean, moved', () => {
    const { difference, interval, verdict, tasks } = differenceFromValue(verdicts, 0.42)
    expect(difference).toBeCloseTo(0.18, 14)
    // scipy 1.17.1: Wilson with t.ppf(0.975, 79), less 0.42.
    expect(interval.lower).toBeCloseTo(0.48875857633534037 - 0.42, 10)
    expect(interval.upper).toBeCloseTo(0.7018040659701814 - 0.42, 10)
    expect({ method: interval.method, verdict, tasks }).toEqual({ method: 'score', verdict: 'better', tasks: 80 })
  })

  it('has the p-value at which the interval reaches the number', () => {
    for (const value of [0.42, 0.5, 0.65, 0.9]) {
      const { pValue } = differenceFromValue(verdicts, value)
      const { lower, upper } = scoreInterval(verdicts, { level: 1 - pValue })
      expect(Math.min(Math.abs(lower - value), Math.abs(upper - value))).toBeLessThan(1e-6)
    }
    expect(differenceFromValue(verdicts, 0.6).pValue).toBe(1)
    expect(differenceFromValue([0, 0, 1], -5)).toMatchObject({ pValue: 1e-15, verdict: 'better' })
  })

  it('takes t for values outside [0, 1], and refuses what is no number', () => {
    expect(differenceFromValue([50, 60, 55], 40).interval.method).toBe('student-t')
    expect(() => differenceFromValue([0, 1], Number.NaN)).toThrow('value must be a finite number')
  })
})
