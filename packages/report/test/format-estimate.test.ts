import { describe, expect, it } from 'vitest'
import { describeEstimate, formatEstimate, formatInterval, formatValue } from '../src/format-estimate.js'
import { nats, plain, points } from '../src/unit.js'
import { estimateOf } from './estimates.js'

describe('formatEstimate', () => {
  it('writes value and interval in per cent', () => {
    const interval = { lower: 0.275, upper: 0.35, level: 0.95, method: 'bootstrap' }
    expect(formatEstimate({ value: 0.312, interval })).toBe('31.2 % [27.5, 35.0]')
  })

  it('writes other units', () => {
    expect(formatEstimate(estimateOf(0.342), nats)).toBe('0.342 nats [0.312, 0.372]')
    expect(formatEstimate(estimateOf(-0.01), points)).toBe('−1.0 pp [−4.0, +2.0]')
    expect(formatValue(1.5, plain)).toBe('1.500')
  })

  it('says that there is no interval, as of one task', () => {
    const interval = { lower: NaN, upper: NaN, level: 0.95, method: 'none' }
    expect(formatEstimate({ value: 0.5, interval })).toBe('50.0 % no interval')
  })

  it('refuses an interval that is not finite', () => {
    const interval = { lower: NaN, upper: 1, level: 0.95, method: 'none' }
    expect(() => formatInterval(interval)).toThrow('must be a finite number, but is NaN')
  })
})

describe('describeEstimate', () => {
  it('says n, level, method, unscored samples and the rule', () => {
    expect(describeEstimate(estimateOf(0.3))).toBe(
      'n = 260 tasks × 64 samples; 95 % interval: percentile bootstrap over tasks; ' +
        'unscored samples: 2, policy count-as-failure',
    )
  })

  it('says a range of samples, singulars and odd levels', () => {
    const interval = { lower: 0, upper: 1, level: 0.999, method: 'Wilson' }
    expect(describeEstimate({ value: 0.5, interval, tasks: 1, samplesPerTask: { min: 1, max: 1 } })).toBe(
      'n = 1 task × 1 sample; 99.9 % interval: Wilson',
    )
    expect(describeEstimate({ value: 0.5, interval, tasks: 3, samplesPerTask: { min: 4, max: 8 } })).toContain(
      'n = 3 tasks × 4 to 8 samples',
    )
  })
})
