import { describe, expect, it } from 'vitest'
import { meanInterval } from '@posttrain/estimators'

describe('meanInterval', () => {
  it('takes the score interval for values in [0, 1] and BCa otherwise', () => {
    expect(meanInterval([0, 0.5, 1]).method).toBe('score')
    expect(meanInterval([0, 0.5, 2], { resamples: 100 }).method).toBe('bootstrap-bca')
    expect(meanInterval([0, 0.5, 1], { method: 'student-t' }).method).toBe('student-t')
    expect(meanInterval([0, 0.5, 1], { method: 'percentile', resamples: 100 }).method).toBe('bootstrap-percentile')
  })

  it.each(['student-t', 'percentile', 'bca'] as const)('holds for values of any size that has a cube: %s', (method) => {
    const small = meanInterval([-1, 2, 0.5, 1], { method })
    const large = meanInterval([-1e100, 2e99, 5e99, 1e100], { method })
    expect([large.lower, large.upper].every(Number.isFinite)).toBe(true)
    expect(meanInterval([-1e90, 2e90, 0.5e90, 1e90], { method }).upper / 1e90).toBeCloseTo(small.upper, 10)
    for (const value of [1.1e100, -1e308]) {
      expect(() => meanInterval([0, value, 1], { method })).toThrow(
        `values[1] must be a finite number from -1e+100 to 1e+100, but is ${value}`,
      )
    }
  })
})
