import { describe, expect, it } from 'vitest'
import { deviationOverTasks, studentInterval } from '@posttrain/estimators'

describe('deviationOverTasks', () => {
  const values = [0.2, 0.9, 0.4, 0.4, 0.7]

  it('is the deviation of the values', () => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
    expect(deviationOverTasks(values)).toBeCloseTo(Math.sqrt(variance), 15)
  })

  it('is that of the clusters, of tasks as uncertain', () => {
    // Each task twice in its cluster: the mean is as uncertain as before, of twice as many tasks.
    const twice = values.flatMap((value) => [value, value])
    const clusters = values.flatMap((_, i) => [i, i])
    expect(deviationOverTasks(twice, { clusters })).toBeCloseTo(Math.SQRT2 * deviationOverTasks(values), 14)
  })

  it('is √T times the standard error of the mean', () => {
    const { lower, upper } = studentInterval(values)
    expect((upper - lower) / 2).toBeCloseTo((2.7764451051977987 * deviationOverTasks(values)) / Math.sqrt(5), 12)
  })
})
