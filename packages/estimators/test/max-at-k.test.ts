import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxAtK, passAtK } from '@posttrain/estimators'
import { rewardVector } from '@posttrain/laws'
import { relativeError } from './exact.js'

describe('maxAtK', () => {
  it.each([
    [[1, 0, 3, 2], 2, 2.3333333333333335],
    [[1, 0, 0, 1, 0], 3, 0.9],
    [[0.2, 0.9, 0.5], 3, 0.9],
    [[1, 1, 0], 2, 1],
    [[-1, 2, 2, -3], 3, 2],
  ])('%j at k = %d gives %d', (rewards, k, expected) => {
    expect(relativeError(maxAtK(rewards, k), expected)).toBeLessThan(1e-15)
  })

  it('is the mean at k = 1, the best at k = n and never falls with k', () => {
    fc.assert(
      fc.property(rewardVector(), (rewards) => {
        const n = rewards.length
        const curve = rewards.map((_, i) => maxAtK(rewards, i + 1))
        expect(curve[0]).toBeCloseTo(rewards.reduce((a, b) => a + b, 0) / n, 12)
        expect(curve[n - 1]).toBe(Math.max(...rewards))
        for (let k = 1; k < n; k++) expect(curve[k]).toBeGreaterThanOrEqual(curve[k - 1]! - 1e-12)
      }),
      { seed: 1 },
    )
  })

  it('is pass@k on rewards of 0 and 1', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 300 }), fc.nat(), (rewards, seed) => {
        const k = 1 + (seed % rewards.length)
        const correct = rewards.reduce<number>((a, b) => a + b, 0)
        expect(maxAtK(rewards, k)).toBeCloseTo(passAtK(rewards.length, correct, k), 12)
      }),
      { seed: 1 },
    )
  })

  it('shifts and scales with the rewards', () => {
    fc.assert(
      fc.property(rewardVector(), fc.integer({ min: 1, max: 5 }), (rewards, factor) => {
        const k = Math.ceil(rewards.length / 2)
        const moved = rewards.map((reward) => factor * reward - 3)
        expect(maxAtK(moved, k)).toBeCloseTo(factor * maxAtK(rewards, k) - 3, 11)
      }),
      { seed: 1 },
    )
  })

  it('refuses k > n and rewards that are not numbers', () => {
    expect(() => maxAtK([1, 2], 3)).toThrow('max@3 needs at least 3 samples per task, but there are 2')
    expect(() => maxAtK([1, Number.NaN], 1)).toThrow('rewards[1] must be a finite number, but is NaN')
    expect(() => maxAtK([], 1)).toThrow('there are 0')
  })
})
