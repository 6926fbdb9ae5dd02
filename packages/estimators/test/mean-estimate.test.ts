import { describe, expect, it } from 'vitest'
import { meanEstimate, meanInterval } from '@posttrain/estimators'

const tasks = [
  { value: 0.2, samples: 5 },
  { value: 0.6, samples: 8, unscored: 2 },
  { value: 0.1, samples: 4, unscored: 1 },
]

describe('meanEstimate', () => {
  it('carries everything without which a number may not be reported', () => {
    const estimate = meanEstimate(tasks, { name: 'pass@4', unscored: 'exclude', level: 0.9 })
    expect(estimate).toEqual({
      name: 'pass@4',
      value: expect.closeTo(0.3, 15) as number,
      interval: meanInterval([0.2, 0.6, 0.1], { level: 0.9 }),
      tasks: 3,
      samplesPerTask: { min: 4, max: 8 },
      unscored: 3,
      unscoredPolicy: 'exclude',
    })
  })

  it('refuses a single task, NaN and impossible counts, naming the entry', () => {
    const options = { name: 'pass@1', unscored: 'throw' } as const
    expect(() => meanEstimate([tasks[0]!], options)).toThrow(
      'an interval over tasks needs at least 2 tasks, but values has 1',
    )
    expect(() => meanEstimate([...tasks, { value: Number.NaN, samples: 1 }], options)).toThrow('tasks[3].value')
    expect(() => meanEstimate([...tasks, { value: 0, samples: 0 }], options)).toThrow('tasks[3].samples')
  })
})

describe('weights', () => {
  const tasks = [1, 0, 0.5, 1, 0.25].map((value) => ({ value, samples: 4 }))
  const how = { name: 'pass@1', unscored: 'throw' } as const

  it('give the weighted mean, with the interval of clusters of so many tasks that agree', () => {
    const weights = [1, 2, 3, 1, 3]
    const copies = tasks.flatMap((task, i) => Array.from({ length: weights[i]! }, () => task))
    const clusters = tasks.flatMap((_, i) => Array.from({ length: weights[i]! }, () => i))
    for (const method of ['score', 'student-t', 'percentile', 'bca'] as const) {
      const weighted = meanEstimate(tasks, { ...how, method, weights })
      const copied = meanEstimate(copies, { ...how, method, clusters })
      expect(weighted.value).toBeCloseTo((1 + 0 + 1.5 + 1 + 0.75) / 10, 15)
      expect(weighted.interval.lower).toBeCloseTo(copied.interval.lower, 12)
      expect(weighted.interval.upper).toBeCloseTo(copied.interval.upper, 12)
    }
  })

  it('that are equal change nothing', () => {
    const { interval } = meanEstimate(tasks, { ...how, weights: [7, 7, 7, 7, 7] })
    expect(interval).toEqual(meanEstimate(tasks, how).interval)
  })

  it('are above 0, one for each task', () => {
    expect(() => meanEstimate(tasks, { ...how, weights: [1, 1, 0, 1, 1] })).toThrow('weights[2]')
    expect(() => meanEstimate(tasks, { ...how, weights: [1, 1] })).toThrow('weights')
  })
})
