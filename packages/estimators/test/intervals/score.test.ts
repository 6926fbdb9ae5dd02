import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scoreInterval, studentInterval } from '@posttrain/estimators'
import { studentQuantile } from '../../src/special/beta.js'

const rates = fc.array(
  fc.integer({ min: 0, max: 16 }).map((c) => c / 16),
  { minLength: 2, maxLength: 60 },
)

describe('scoreInterval', () => {
  it('is Wilson’s with t where every task is 0 or 1', () => {
    const values = [1, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    const { lower, upper } = scoreInterval(values)
    const [m, trials, t] = [0.3, 10, studentQuantile(0.975, 9)]
    for (const p of [lower, upper]) expect((m - p) ** 2).toBeCloseTo((t * t * p * (1 - p)) / trials, 12)
  })

  it('lies within [0, 1], holds the mean, and mirrors with the values', () => {
    fc.assert(
      fc.property(rates, (values) => {
        const { lower, upper } = scoreInterval(values)
        const mean = values.reduce((a, b) => a + b, 0) / values.length
        expect(lower).toBeGreaterThanOrEqual(0)
        expect(upper).toBeLessThanOrEqual(1)
        expect(lower).toBeLessThanOrEqual(mean)
        expect(upper).toBeGreaterThanOrEqual(mean)
        const mirrored = scoreInterval(values.map((value) => 1 - value))
        expect([mirrored.lower, mirrored.upper]).toEqual([expect.closeTo(1 - upper, 12), expect.closeTo(1 - lower, 12)])
      }),
      { seed: 1 },
    )
  })

  it('does not claim certainty where nothing was solved', () => {
    expect(scoreInterval(new Array<number>(50).fill(0))).toMatchObject({
      lower: 0,
      upper: expect.closeTo(0.0747, 4) as number,
    })
    expect(scoreInterval(new Array<number>(50).fill(1)).lower).toBeCloseTo(1 - 0.0747, 4)
  })

  it('approaches the t interval for many tasks', () => {
    const values = Array.from({ length: 20_000 }, (_, i) => ((i * 7919) % 101) / 100)
    const [score, student] = [scoreInterval(values), studentInterval(values)]
    expect(score.lower).toBeCloseTo(student.lower, 4)
    expect(score.upper).toBeCloseTo(student.upper, 4)
  })

  it('takes copies of a task in one cluster for one task', () => {
    const values = [0.1, 0.7, 0.2, 0.9]
    const clusters = values.flatMap((_, i) => [i, i])
    const clustered = scoreInterval(
      values.flatMap((value) => [value, value]),
      { clusters },
    )
    const { lower, upper } = scoreInterval(values)
    expect([clustered.lower, clustered.upper]).toEqual([expect.closeTo(lower, 12), expect.closeTo(upper, 12)])
  })

  it('counts clusters that agree by Kish, not by their number', () => {
    // One cluster has half of the tasks: (Σs)²/Σs² = 20²/(10² + 10·1²) = 400/110.
    const clusters = Array.from({ length: 20 }, (_, i) => Math.max(0, i - 9))
    const values = clusters.map((cluster) => Number(cluster === 0))
    const { lower, upper } = scoreInterval(values, { clusters })
    const [m, kish] = [1 / 2, 400 / 110]
    const t = studentQuantile(0.975, kish - 1)
    for (const p of [lower, upper]) expect((m - p) ** 2).toBeCloseTo((t * t * p * (1 - p)) / kish, 12)
  })

  it('refuses values outside [0, 1]', () => {
    expect(() => scoreInterval([0.5, 1.5])).toThrow(
      'the score interval is for values from 0 to 1, but values[1] is 1.5',
    )
  })
})
