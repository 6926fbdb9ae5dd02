import { describe, expect, it } from 'vitest'
import { bestOfNObjective, maxAtKObjective } from '@posttrain/estimators'
import type { ProxiedOutcome } from '@posttrain/estimators'
import { expectClose, withRewards } from '../outcomes.js'

const proxied = (...scores: readonly (readonly [number, number])[]): ProxiedOutcome[] =>
  scores.map(([proxy, reward]) => ({ kind: 'scored', proxy, reward }))

describe('bestOfNObjective', () => {
  it('is max@n where the proxy is the reward', () => {
    const rewards = [1, 0, 3, 2, 2]
    for (const n of [2, 3, 4, 5]) {
      const best = bestOfNObjective({ n }).advantages(proxied(...rewards.map((r) => [r, r] as const)))
      expectClose(best, maxAtKObjective({ k: n }).advantages(withRewards(...rewards)), 1e-13)
    }
  })

  it('blames a sample that deceives the proxy', () => {
    // With n = k = 3 the sample of proxy 9 is chosen in place of the one of proxy 5: 0 instead of 1.
    expectClose(bestOfNObjective({ n: 3 }).advantages(proxied([9, 0], [5, 1], [1, 0])), [-1, 0, 0], 1e-14)
  })

  it('shares ties', () => {
    // f = ½; without either of the tied, the other is chosen.
    expectClose(bestOfNObjective({ n: 2 }).advantages(proxied([5, 1], [5, 0])), [0.5, -0.5], 1e-14)
  })

  it('is exactly zero where all rewards agree', () => {
    expect(bestOfNObjective({ n: 2 }).advantages(proxied([1, 0.1], [2, 0.1], [3, 0.1]))).toEqual([0, 0, 0])
  })

  it('refuses outcomes without a proxy', () => {
    expect(bestOfNObjective({ n: 4 })).toMatchObject({ name: 'best-of-4', k: 4, minimumSamples: 4 })
    expect(() => bestOfNObjective({ n: 2 }).estimate(withRewards(1, 0))).toThrow(
      'outcomes[0].proxy must be a finite number, but is undefined',
    )
  })
})
