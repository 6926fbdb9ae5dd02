import { describe, expect, it } from 'vitest'
import { mcnemarTest, signFlipTest } from '@posttrain/estimators'

const exact = (pValue: number) => ({ pValue, method: 'exact' })

describe('signFlipTest', () => {
  it('counts signs exactly where there are few', () => {
    // |3 ± 1 ± 1| over eight signs: 5 twice, 3 four times, 1 twice; the observed sum is 3.
    expect(signFlipTest([3, 1, -1])).toEqual(exact(6 / 8))
    expect(signFlipTest([0.1, 0.2, 0.4])).toEqual(exact(2 / 8)) // sums in another order round differently
    expect(signFlipTest([0, 0])).toEqual(exact(1))
  })

  it('is exact for differences of one size, however many: McNemar’s test', () => {
    const a = Array.from({ length: 400 }, (_, i) => Number(i < 60))
    const b = Array.from({ length: 400 }, (_, i) => Number(i >= 60 && i < 105))
    const { pValue, method } = signFlipTest(b.map((value, i) => value - a[i]!))
    expect(method).toBe('exact')
    expect(pValue).toBe(mcnemarTest(a, b).pValue)
    expect(pValue).toBeCloseTo(0.1715646971542424, 12) // scipy 1.17.1: binomtest(45, 105).pvalue
    expect(signFlipTest([0.3 - 0.2, 0.2 - 0.1, 0.1, 0])).toEqual(exact(1 / 4)) // of one size up to rounding
  })

  it('is a bound where it draws, and agrees with the exact count', () => {
    const differences = [0.5, -0.25, 1, 0.75, 0.5, -0.1, 0.3, 0.9, -0.4, 0.2]
    const counted = signFlipTest(differences, { resamples: 1024 })
    const drawn = signFlipTest(differences, { resamples: 1023, seed: 5 })
    expect([counted.method, drawn.method]).toEqual(['exact', 'monte-carlo'])
    expect((drawn.pValue * 1024) % 1).toBe(0) // (1 + as extreme)/(1 + resamples)
    const p = counted.pValue
    expect(Math.abs(drawn.pValue - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 1023))
    const large = Array.from({ length: 40 }, (_, i) => 1 + i / 100)
    expect(signFlipTest(large)).toEqual({ pValue: 1 / 10_001, method: 'monte-carlo' })
  })

  it('flips clusters together', () => {
    expect(signFlipTest([1, 1, 1, 1])).toEqual(exact(2 / 16))
    expect(signFlipTest([1, 1, 1, 1], { clusters: ['x', 'x', 'y', 'y'] })).toEqual(exact(2 / 4))
    expect(signFlipTest([1, 1, 1, 1], { clusters: ['x', 'y', 'y', 'y'] })).toEqual(exact(2 / 4))
  })
})
