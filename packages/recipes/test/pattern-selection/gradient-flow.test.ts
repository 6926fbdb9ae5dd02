import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sum } from '@posttrain/core'
import { gradientFlow, optimalShares } from '@posttrain/recipes'
import { CASES, TIMES } from './cases.js'

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => sum(Array.from(a, (x, i) => x * b[i]!))
const many = Array.from({ length: 200 }, (_, i) => 2 * i)

describe('gradientFlow', () => {
  it.each(CASES)('is what another solver finds from $shares for $rewards', ({ best, ...training }) => {
    // Four decimals are known; the flow itself is right to 1e-8.
    gradientFlow(training, TIMES).forEach(([share], i) => expect(Math.abs(share! - best[i]!)).toBeLessThan(5.1e-5))
  })

  it.each(CASES)('never lowers the mean reward, from $shares', ({ regime, ...training }) => {
    const flow = gradientFlow(training, many)
    const accuracy = flow.map((shares) => dot(shares, training.rewards))
    accuracy.slice(1).forEach((value, i) => expect(value).toBeGreaterThan(accuracy[i]!))
    const rises = flow.slice(1).map(([share], i) => share! > flow[i]![0]!)
    if (regime === 'fast') expect(rises).not.toContain(false)
    else expect([rises[0], rises.at(-1)]).toEqual([false, true])
  })

  it('has a closed form for two patterns: sinh z + z of the log odds z grows evenly, by the difference of rewards', () => {
    // With z = θ₁ − θ₂: dz/dt = 2·π₁π₂·Δ, so that eᶻ/2 − e⁻ᶻ/2 + z = Δ·t + its value at 0.
    const invariant = (share: number): number => {
      const odds = share / (1 - share)
      return (odds - 1 / odds) / 2 + Math.log(odds)
    }
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1000, noNaN: true }),
        (share, difference, time) => {
          const [[first] = []] = gradientFlow({ shares: [share, 1 - share], rewards: [difference, 0] }, [time])
          const expected = invariant(share) + difference * time
          expect(Math.abs(invariant(first!) / expected - 1)).toBeLessThan(1e-6)
        },
      ),
      { seed: 1 },
    )
  })

  it('ends, with a penalty, in the optimal policy', () => {
    for (const { shares, rewards } of CASES) {
      const [end] = gradientFlow({ shares, rewards, beta: 0.3 }, [1e5])
      const optimal = optimalShares(shares, rewards, 0.3)
      end!.forEach((share, r) => expect(share).toBeCloseTo(optimal[r]!, 8))
    }
  })

  it('keeps shares that add up to 1, and nothing of a pattern that it lacks', () => {
    const [now, later] = gradientFlow({ shares: [0, 0.25, 0.75], rewards: [1, 0.5, 0.2], beta: 0.01 }, [0, 1e3])
    expect(now![0]).toBe(0)
    expect(now![1]).toBeCloseTo(0.25, 14)
    expect(later![0]).toBe(0)
    expect(sum(later!)).toBeCloseTo(1, 14)
    const still = { shares: [0.5, 0.5], rewards: [0.3, 0.3] }
    expect(gradientFlow(still, [1e300])).toEqual([Float64Array.of(0.5, 0.5)])
    expect(gradientFlow({ shares: [1], rewards: [0] }, [7])).toEqual([Float64Array.of(1)])
    expect(gradientFlow(still, [])).toEqual([])
  })

  it('refuses what cannot be trained', () => {
    const shares = [0.5, 0.5]
    expect(() => gradientFlow({ shares: [], rewards: [] }, [])).toThrow('shares has no patterns')
    expect(() => gradientFlow({ shares: [0.5, 0.4], rewards: [0, 0] }, [])).toThrow(
      'the shares of shares add up to 0.9, not to 1',
    )
    expect(() => gradientFlow({ shares: [1.5, -0.5], rewards: [0, 0] }, [])).toThrow('shares[1]')
    expect(() => gradientFlow({ shares, rewards: [0] }, [])).toThrow('rewards')
    expect(() => gradientFlow({ shares, rewards: [0, NaN] }, [])).toThrow('rewards[1]')
    expect(() => gradientFlow({ shares, rewards: [0, 1], beta: -1 }, [])).toThrow('beta')
    expect(() => gradientFlow({ shares, rewards: [0, 1] }, [2, 1])).toThrow('times[1] is 1, after 2')
    expect(() => gradientFlow({ shares, rewards: [0, 1] }, [Infinity])).toThrow('times[0]')
  })
})
