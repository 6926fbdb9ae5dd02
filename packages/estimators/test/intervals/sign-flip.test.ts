import { describe, expect, it } from 'vitest'
import { signFlipTest } from '@posttrain/estimators'

describe('signFlipTest', () => {
  it('counts signs exactly where there are few', () => {
    // |3 ± 1 ± 1| over eight signs: 5 twice, 3 four times, 1 twice; the observed sum is 3.
    expect(signFlipTest([3, 1, -1])).toBe(6 / 8)
    expect(signFlipTest([0.1, 0.2, 0.3])).toBe(2 / 8) // sums in another order round differently
    expect(signFlipTest([0, 0])).toBe(1)
  })

  it('agrees with the exact count where it draws', () => {
    const differences = [0.5, -0.25, 1, 0.75, 0.5, -0.1, 0.3, 0.9, -0.4, 0.2]
    const exact = signFlipTest(differences, { resamples: 1024 })
    const drawn = signFlipTest(differences, { resamples: 1023, seed: 5 })
    expect(Math.abs(drawn - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / 1023))
  })

  it('flips clusters together', () => {
    expect(signFlipTest([1, 1, 1, 1])).toBe(2 / 16)
    expect(signFlipTest([1, 1, 1, 1], { clusters: ['x', 'x', 'y', 'y'] })).toBe(2 / 4)
  })
})
