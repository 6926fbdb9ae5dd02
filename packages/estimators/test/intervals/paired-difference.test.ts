import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pairedDifference, tangoInterval } from '@posttrain/estimators'
import { differenceScoreInterval } from '../../src/intervals/score.js'

const verdicts = (text: string): number[] => [...text].map(Number)

describe('pairedDifference', () => {
  const a = [0, 0.5, 0.25, 0, 1, 0.75]
  const b = [0.5, 0.5, 0.5, 0.25, 1, 1]

  it('is the mean of b − a with an interval and a p-value', () => {
    const { difference, interval, pValue, pValueMethod, verdict, discordant, tasks } = pairedDifference(a, b)
    expect(difference).toBeCloseTo(1.25 / 6, 14)
    expect(interval.lower).toBeLessThan(difference)
    expect(interval.upper).toBeGreaterThan(difference)
    expect(tasks).toBe(6)
    expect(discordant).toBe(4)
    expect(pValue).toBe(2 / 16) // four differences, all of one sign
    expect({ pValueMethod, verdict }).toEqual({ pValueMethod: 'exact', verdict: 'undecided' })
  })

  it('takes Tango’s interval for verdicts, the score interval within [0, 1], and t for the rest', () => {
    const method = (left: number[], right: number[]): string => pairedDifference(left, right).interval.method
    expect(pairedDifference(verdicts('0110'), verdicts('1010')).interval).toEqual(tangoInterval(1, 1, 4))
    expect(method([0.5, 0.25, 1], [0.5, 0.25, 0])).toBe('tango') // no value between, whatever it was made of
    expect(pairedDifference(a, b, { method: undefined }).interval.method).toBe('score')
    expect(method([-0.1, 1], [0, 1])).toBe('student-t')
    expect(method([50, 60], [50, 60])).toBe('student-t')
    expect(pairedDifference(a, b, { method: 'student-t' }).interval.method).toBe('student-t')
    expect(() => pairedDifference(a, b, { method: 'tango' })).toThrow('but differences[0] is 0.5')
    expect(() => pairedDifference([0, 2], [0, 0], { method: 'score' })).toThrow('values from -1 to 1')
  })

  it('is borderline and undecided where four of a hundred tasks differ, all one way', () => {
    const { interval, pValue, verdict } = pairedDifference(
      verdicts('1'.repeat(100)),
      verdicts('0'.repeat(4) + '1'.repeat(96)),
    )
    expect(interval).toMatchObject({
      lower: expect.closeTo(-0.0984, 4) as number,
      upper: expect.closeTo(-0.0015, 4) as number,
    })
    expect({ pValue, verdict }).toEqual({ pValue: 0.125, verdict: 'undecided' })
  })

  it('changes sign with the order of the systems', () => {
    for (const method of ['student-t', 'score'] as const) {
      const [forth, back] = [pairedDifference(a, b, { method }), pairedDifference(b, a, { method })]
      expect(back.difference).toBe(-forth.difference)
      expect(back.pValue).toBe(forth.pValue)
      expect(back.interval.lower).toBeCloseTo(-forth.interval.upper, 14)
    }
  })

  it('stays within [−1, 1] and has a width, whatever the values in [0, 1] are', () => {
    const value = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }))
    const tasks = fc.array(fc.tuple(value, value, fc.nat(3)), { minLength: 2, maxLength: 40 })
    fc.assert(
      fc.property(tasks, fc.boolean(), (of, clustered) => {
        const clusters = clustered ? of.map(([, , cluster]) => cluster) : undefined
        fc.pre(!clusters || new Set(clusters).size > 1)
        const { difference, interval } = pairedDifference(
          of.map(([before]) => before),
          of.map(([, after]) => after),
          { clusters },
        )
        expect(interval.lower).toBeGreaterThanOrEqual(-1)
        expect(interval.upper).toBeLessThanOrEqual(1)
        expect(interval.lower).toBeLessThanOrEqual(difference + 1e-12)
        expect(interval.upper).toBeGreaterThanOrEqual(difference - 1e-12)
        expect(interval.upper - interval.lower).toBeGreaterThan(1 / of.length / 4)
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  it('finds no difference between equals, and does not claim to know that there is none', () => {
    const same = pairedDifference(a, a)
    expect(same).toMatchObject({ difference: 0, pValue: 1, discordant: 0, verdict: 'undecided' })
    expect(same.interval).toEqual(tangoInterval(0, 0, 6))
    expect(pairedDifference([0.1 + 0.2, 0.3], [0.3, 0.1 + 0.2]).discordant).toBe(0) // equal up to rounding
  })

  it('tells tasks that cancel out from tasks that do not differ', () => {
    expect(pairedDifference([0, 1, 0.5], [1, 0, 0.5])).toMatchObject({ difference: 0, pValue: 1, discordant: 2 })
  })

  it('counts tasks as their weights say: a task of weight 3 is three that agree', () => {
    const [left, right, weights] = [verdicts('0101100110'), verdicts('1111010110'), [3, 1, 1, 2, 1, 1, 1, 1, 2, 1]]
    const copies = (values: readonly number[]): number[] =>
      values.flatMap((value, i) => new Array<number>(weights[i]!).fill(value))
    const clusters = weights.flatMap((weight, i) => new Array<number>(weight).fill(i))
    for (const method of ['score', 'student-t', 'tango'] as const) {
      const weighted = pairedDifference(left, right, { weights, method })
      const copied = pairedDifference(copies(left), copies(right), { clusters, method })
      expect(weighted.difference).toBeCloseTo(copied.difference, 14)
      expect(weighted.pValue).toBe(copied.pValue)
      // Tango's knows of the copies that they are no more than Kish's number; of tasks in clusters it has to find out.
      if (method !== 'tango') expect(weighted.interval.upper).toBeCloseTo(copied.interval.upper, 12)
      else expect(Math.abs(weighted.interval.upper - copied.interval.upper)).toBeLessThan(0.1)
    }
    const even = pairedDifference(left, right, { weights: weights.map(() => 7), method: 'tango' })
    expect(even.difference).toBeCloseTo(0.2, 14)
  })

  it('refuses systems on different tasks', () => {
    expect(() => pairedDifference([1, 2], [1, 2, 3])).toThrow('b must have 2 entries, but has 3')
  })
})

describe('differenceScoreInterval', () => {
  it('ends where a proportion on [−1, 1] of as many effective tasks does', () => {
    const values = [0.5, -0.25, 0, 0.75, 0, 0]
    const { lower, upper } = differenceScoreInterval(values)
    const mean = 1 / 6
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    const effective = (5 * 6 * (1 - mean ** 2)) / (squares + 1 / 4)
    const t = 2.5705818356363146 // 5 degrees of freedom, scipy 1.17.1
    for (const end of [lower, upper]) expect((mean - end) ** 2).toBeCloseTo((t * t * (1 - end ** 2)) / effective, 10)
  })
})
