import { describe, expect, it } from 'vitest'
import { meanInterval } from '@posttrain/estimators'

describe('meanInterval', () => {
  it('takes the score interval for values in [0, 1] and BCa otherwise', () => {
    expect(meanInterval([0, 0.5, 1]).method).toBe('score')
    expect(meanInterval([0, 0.5, 2], { resamples: 100 }).method).toBe('bootstrap-bca')
    expect(meanInterval([0, 0.5, 1], { method: 'student-t' }).method).toBe('student-t')
    expect(meanInterval([0, 0.5, 1], { method: 'percentile', resamples: 100 }).method).toBe('bootstrap-percentile')
  })
})
