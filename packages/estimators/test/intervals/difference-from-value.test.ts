import { describe, expect, it } from 'vitest'
import { differenceFromValue, scoreInterval } from '@posttrain/estimators'
import { binomialWeights } from '../../src/binomial-weights.js'

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
    const rates = verdicts.map((verdict) => verdict / 2 + 0.25)
    for (const value of [0.42, 0.5, 0.65, 0.7]) {
      const { pValue, pValueMethod } = differenceFromValue(rates, value)
      const { lower, upper } = scoreInterval(rates, { level: 1 - pValue })
      expect(Math.min(Math.abs(lower - value), Math.abs(upper - value))).toBeLessThan(1e-6)
      expect(pValueMethod).toBe('interval')
    }
    expect(differenceFromValue(rates, 0.55).pValue).toBe(1)
    expect(differenceFromValue([0, 0, 1], -5)).toMatchObject({ pValue: 1e-15, verdict: 'better' })
  })

  it('has the p-value of the exact binomial test for verdicts that count alike', () => {
    // Fractions, by Python: 2 · Σ C(80, j)·0.42ʲ·0.58⁸⁰⁻ʲ over j ≥ 48, and 2 · 0.5⁸ · (1 + 8).
    expect(differenceFromValue(verdicts, 0.42)).toMatchObject({ pValueMethod: 'binomial', verdict: 'better' })
    expect(differenceFromValue(verdicts, 0.42).pValue).toBeCloseTo(0.00178106171903807, 14)
    expect(differenceFromValue([0, 1, 1, 1, 1, 1, 1, 1], 0.5).pValue).toBeCloseTo(18 / 256, 15)
    expect(differenceFromValue([1, 1, 0], 1)).toMatchObject({ pValue: 0, verdict: 'worse' })
    const clustered = differenceFromValue(verdicts, 0.42, { clusters: verdicts.map((_, i) => i >> 1) })
    expect(clustered.pValueMethod).toBe('interval')
  })

  it('calls a system worse, or better, than its true value in at most one of forty cases each', () => {
    for (const [n, value] of [10, 50, 200].flatMap((tasks) => [0.04, 0.11, 0.5, 0.8].map((p) => [tasks, p] as const))) {
      const chance = binomialWeights(n, value, 1 - value)
      const said = (verdict: string): number =>
        chance.reduce((total, weight, c) => {
          const found = differenceFromValue(
            Array.from({ length: n }, (_, i) => Number(i < c)),
            value,
          )
          return found.verdict === verdict ? total + weight : total
        }, 0)
      expect(said('worse')).toBeLessThanOrEqual(0.025)
      expect(said('better')).toBeLessThanOrEqual(0.025)
    }
  })

  it('takes t for values outside [0, 1], and refuses what is no number', () => {
    expect(differenceFromValue([50, 60, 55], 40).interval.method).toBe('student-t')
    expect(() => differenceFromValue([0, 1], Number.NaN)).toThrow('value must be a finite number')
  })
})
