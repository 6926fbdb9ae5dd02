import { describe, expect, it } from 'vitest'
import { createStream } from '@posttrain/core'
import { crossedMean, normalQuantile, studentInterval } from '@posttrain/estimators'

describe('crossedMean', () => {
  it('adds what seeds and what tasks differ in, by hand', () => {
    // Rows differ by 2, columns by 1 each and nothing else: mean squares 6, 2 and 0 on 1, 2 and 2 degrees of freedom.
    const { value, interval, pValue, seeds, tasks } = crossedMean([
      [0, 1, 2],
      [2, 3, 4],
    ])
    // Student's t at 97.5 % has the closed forms tan(0.475π) at 1 degree of freedom and 0.95·√(2/(1 − 0.95²)) at 2.
    const [t1, t2] = [Math.tan(0.475 * Math.PI), 0.95 * Math.sqrt(2 / (1 - 0.95 ** 2))]
    const reach = Math.sqrt((t1 ** 2 * 6 + t2 ** 2 * 2) / 6)
    expect([value, seeds, tasks]).toEqual([2, 2, 3])
    expect([interval.lower, interval.upper]).toEqual([expect.closeTo(2 - reach, 9), expect.closeTo(2 + reach, 9)])
    expect(interval.method).toBe('student-t over seeds and tasks')
    // At p the reach is the mean itself, 2.
    const [at1, at2] = [1 / Math.tan((Math.PI * pValue) / 2), (1 - pValue) * Math.sqrt(2 / (1 - (1 - pValue) ** 2))]
    expect(Math.sqrt((at1 ** 2 * 6 + at2 ** 2 * 2) / 6)).toBeCloseTo(2, 6)
  })

  it('is the interval over tasks where seeds only copy each other', () => {
    const row = [0.1, 0.7, 0.2, 0.9, 0.4]
    const { lower, upper } = studentInterval(row)
    const crossed = crossedMean([row, row, row], {}).interval
    expect([crossed.lower, crossed.upper]).toEqual([expect.closeTo(lower, 12), expect.closeTo(upper, 12)])
  })

  it('has no bounds where all values are equal', () => {
    const same = crossedMean([
      [0.5, 0.5],
      [0.5, 0.5],
    ])
    expect(same).toMatchObject({ value: 0.5, pValue: 1, verdict: 'undecided', interval: { lower: NaN, upper: NaN } })
  })

  it.each([
    [2, 40, 0.5, 1],
    [3, 20, 1, 1],
    [5, 30, 0.3, 1],
    [4, 30, 0, 1],
    [3, 30, 1, 0],
  ])('holds its level with %i seeds and %i tasks of deviations %d and %d', (seeds, tasks, ofSeed, ofTask) => {
    const stream = createStream(7, 'crossed', seeds, tasks, ofSeed, ofTask)
    const normal = (): number => normalQuantile(stream.uniform())
    const repetitions = 500
    let covered = 0
    for (let i = 0; i < repetitions; i++) {
      const task = Array.from({ length: tasks }, () => ofTask * normal())
      const values = Array.from({ length: seeds }, () => {
        const seed = ofSeed * normal()
        return task.map((own) => seed + own + normal())
      })
      const { lower, upper } = crossedMean(values).interval
      if (lower <= 0 && upper >= 0) covered++
    }
    // Four standard errors below 95 %; 2,000 repetitions gave 1, 0.963, 0.9635, 0.9795 and 0.9535.
    expect(covered / repetitions).toBeGreaterThan(0.911)
  })

  it('refuses what is no layout of seeds and tasks', () => {
    expect(() => crossedMean([[1, 2]])).toThrow('needs two of each, but has 1 × 2')
    expect(() => crossedMean([[1], [2]])).toThrow('needs two of each, but has 2 × 1')
    expect(() => crossedMean([[1, 2], [1]])).toThrow('values[1] must have 2 entries, but has 1')
    expect(() =>
      crossedMean([
        [1, 2],
        [1, NaN],
      ]),
    ).toThrow('values[1][1]')
  })
})
