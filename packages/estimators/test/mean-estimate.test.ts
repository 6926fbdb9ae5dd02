import { describe, expect, it } from 'vitest'
import { differenceFromValue, meanEstimate, meanInterval, unpairedDifference } from '@posttrain/estimators'

const tasks = [
  { value: 0.2, samples: 5 },
  { value: 0.6, samples: 8, unscored: 2 },
  { value: 0.1, samples: 4, unscored: 1 },
]

describe('equal values of unknown range', () => {
  const equal = new Array(20).fill(50.1)

  it('have no interval', () => {
    const values = equal.map((value: number) => ({ value, samples: 1 }))
    for (const method of [undefined, 'student-t', 'percentile', 'bca'] as const) {
      const { value, interval } = meanEstimate(values, { name: 'mean', unscored: 'throw', method })
      expect(value).toBeCloseTo(50.1, 12)
      expect(interval).toEqual({ lower: NaN, upper: NaN, level: 0.95, method: 'none, since all values are equal' })
    }
    // Of clusters that agree in their means there is none either.
    const clustered = [49, 51, 49, 51].map((value) => ({ value, samples: 1 }))
    const how = { name: 'mean', unscored: 'throw', clusters: ['a', 'a', 'b', 'b'] } as const
    expect(meanEstimate(clustered, how).interval.lower).toBeNaN()
  })

  it('of a known range have one', () => {
    const { interval } = meanEstimate(
      equal.map(() => ({ value: 1, samples: 1 })),
      { name: 'mean', unscored: 'throw' },
    )
    expect([interval.method, interval.upper]).toEqual(['score', 1])
    expect(interval.lower).toBeLessThan(0.9)
  })

  it('are no difference from a number or from others', () => {
    const message = 'all equal, so that there is no interval: their spread, and their range, are unknown'
    expect(() => differenceFromValue(equal, 42)).toThrow(`values are ${message}`)
    expect(() => unpairedDifference(equal, [1, 2, 3])).toThrow(`a are ${message}`)
    expect(() => unpairedDifference([1, 2, 3], equal)).toThrow(`b are ${message}`)
  })
})

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
