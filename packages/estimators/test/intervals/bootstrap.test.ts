import { describe, expect, it } from 'vitest'
import { bootstrapInterval } from '@posttrain/estimators'

const skewed = Float64Array.from({ length: 40 }, (_, i) => (i < 30 ? 0 : (i - 29) / 10))

describe('bootstrapInterval', () => {
  it('is the same for the same seed, and another for another', () => {
    const of = (seed: number) => bootstrapInterval(skewed, { seed, resamples: 500 })
    expect(of(3)).toEqual(of(3))
    expect(of(3)).not.toEqual(of(4))
  })

  it('moves with shifts and scales of the values', () => {
    const base = bootstrapInterval(skewed, { resamples: 1000 })
    const moved = bootstrapInterval(
      skewed.map((value) => 10 * value - 3),
      { resamples: 1000 },
    )
    expect(moved.lower).toBeCloseTo(10 * base.lower - 3, 9)
    expect(moved.upper).toBeCloseTo(10 * base.upper - 3, 9)
  })

  it('comes near mean ± 1.96·s/√n for many well-behaved values', () => {
    const values = Float64Array.from({ length: 2000 }, (_, i) => ((i * 7919) % 2000) / 2000)
    const reach = (1.96 * Math.sqrt(1 / 12)) / Math.sqrt(2000)
    for (const method of ['percentile', 'bca'] as const) {
      const { lower, upper } = bootstrapInterval(values, { method })
      // A 2.5 % quantile of 10,000 draws is known to about 0.027 standard errors, here 0.0002.
      expect(Math.abs(lower - (0.49975 - reach))).toBeLessThan(0.0008)
      expect(Math.abs(upper - (0.49975 + reach))).toBeLessThan(0.0008)
    }
  })

  it('leans to the long tail under BCa, as the skewness asks', () => {
    const percentile = bootstrapInterval(skewed, { method: 'percentile' })
    const bca = bootstrapInterval(skewed, { method: 'bca' })
    expect(bca.lower).toBeGreaterThan(percentile.lower)
    expect(bca.upper).toBeGreaterThan(percentile.upper)
  })

  it('is a point where all values agree', () => {
    expect(bootstrapInterval([0.5, 0.5, 0.5], { resamples: 100 })).toMatchObject({ lower: 0.5, upper: 0.5 })
  })

  it('refuses bad options, naming them', () => {
    expect(() => bootstrapInterval([1, 2], { resamples: 10 })).toThrow('resamples must be an integer of at least 100')
    expect(() => bootstrapInterval([1, 2], { level: 95 })).toThrow(
      'level must be a finite number above 0 and below 1, but is 95',
    )
    expect(() => bootstrapInterval([1, Number.NaN])).toThrow('values[1] must be a finite number')
    expect(() => bootstrapInterval([1])).toThrow('an interval over tasks needs at least 2 tasks, but values has 1')
  })
})
