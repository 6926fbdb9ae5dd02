import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sum } from '@posttrain/core'
import { optimalShares } from '@posttrain/recipes'

const reference = [0.05, 0.7, 0.25]
const rewards = [0.9, 0.6, 0.1]

describe('optimalShares', () => {
  it.each([
    { beta: 1, expected: [0.073432, 0.761593, 0.164975] },
    { beta: 0.1, expected: [0.588687, 0.410326, 0.000987] },
    { beta: 0.01, expected: [1, 0, 0] },
  ])('is the reference tilted by the reward, β = $beta', ({ beta, expected }) => {
    optimalShares(reference, rewards, beta).forEach((share, r) => expect(share).toBeCloseTo(expected[r]!, 6))
  })

  it('is the best of all policies by E[R] − β·KL', () => {
    const value = (shares: ArrayLike<number>): number =>
      sum(Array.from(shares, (share, r) => share * (rewards[r]! - 0.2 * Math.log(share / reference[r]!))))
    const best = value(optimalShares(reference, rewards, 0.2))
    const weight = fc.double({ min: 1e-3, max: 1, noNaN: true })
    fc.assert(
      fc.property(weight, weight, weight, (a, b, c) => {
        expect(value([a, b, c].map((one) => one / (a + b + c)))).toBeLessThanOrEqual(best + 1e-12)
      }),
      { seed: 1 },
    )
  })

  it('has its limits: the reference for large β, the best of what is there for small', () => {
    optimalShares(reference, rewards, 1e9).forEach((share, r) => expect(share).toBeCloseTo(reference[r]!, 8))
    expect(optimalShares([0, 0.5, 0.5], [5, 1, 0], 1e-9)).toEqual(Float64Array.of(0, 1, 0))
    expect(optimalShares([0.2, 0.6, 0.2], [1, 1, 0], 1e-9).map((share) => Math.round(share * 1e12) / 1e12)).toEqual(
      Float64Array.of(0.25, 0.75, 0),
    )
  })

  it('refuses β of 0 and what are no shares', () => {
    expect(() => optimalShares(reference, rewards, 0)).toThrow('beta')
    expect(() => optimalShares([0.5, 0.6], [0, 1], 1)).toThrow('the shares of reference add up to 1.1')
    expect(() => optimalShares(reference, [1], 1)).toThrow('rewards')
  })
})
