import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ScoredOutcome } from '@posttrain/core'
import { bestOfNObjective, maxAtKObjective } from '@posttrain/estimators'
import { expectClose, withRewards } from '../outcomes.js'
import { expectExact } from './expect-exact.js'

/** Outcomes with a judge's part and a reward. */
const judged = (...scores: readonly (readonly [number | null, number])[]): ScoredOutcome[] =>
  scores.map(([judge, reward]) => ({ kind: 'scored', reward, parts: { judge } }))

const by = 'judge'

/** Mean reward of the samples with the highest part; 0 where no part is a number. */
const choice = (outcomes: readonly ScoredOutcome[]): number => {
  const parts = outcomes.map(({ parts }) => parts![by] ?? -Infinity)
  const highest = Math.max(...parts)
  if (highest === -Infinity) return 0
  const chosen = outcomes.filter((_, i) => parts[i] === highest)
  return chosen.reduce((total, { reward }) => total + reward, 0) / chosen.length
}

const outcome = fc
  .tuple(fc.constantFrom(null, -1, 0, 0.5, 2), fc.constantFrom(-1, 0, 0.25, 1))
  .map(([judge, reward]): ScoredOutcome => ({ kind: 'scored', reward, parts: { judge } }))

describe('bestOfNObjective', () => {
  it.each([1, 2, 3])('is exact for n = %d, in value and in gradient, where parts tie and where some are null', (n) => {
    expectExact(bestOfNObjective({ n, by }), choice, outcome)
  })

  it('is max@n where the part is the reward, and where the reward itself decides', () => {
    const rewards = [1, 0, 3, 2, 2]
    for (const n of [2, 3, 4, 5]) {
      const best = maxAtKObjective({ k: n })
      const byPart = bestOfNObjective({ n, by })
      const byReward = bestOfNObjective({ n })
      expect(byPart.estimate(judged(...rewards.map((r) => [r, r] as const)))).toBeCloseTo(
        best.estimate(withRewards(...rewards)),
        13,
      )
      expect(byReward.estimate(withRewards(...rewards))).toBeCloseTo(best.estimate(withRewards(...rewards)), 13)
      const expected = best.advantages(withRewards(...rewards))
      expectClose(byPart.advantages(judged(...rewards.map((r) => [r, r] as const))), expected, 1e-13)
      expectClose(byReward.advantages(withRewards(...rewards)), expected, 1e-13)
    }
  })

  it('blames a sample that deceives the judge', () => {
    // With n = k = 3 the sample of part 9 is chosen in place of the one of part 5: 0 instead of 1.
    expectClose(bestOfNObjective({ n: 3, by }).advantages(judged([9, 0], [5, 1], [1, 0])), [-1, 0, 0], 1e-14)
  })

  it('shares ties', () => {
    // f = ½; without either of the tied, the other is chosen.
    expectClose(bestOfNObjective({ n: 2, by }).advantages(judged([5, 1], [5, 0])), [0.5, -0.5], 1e-14)
  })

  it('never chooses a part of null, however small the others are, and abstains at worth 0 where all are null', () => {
    const two = bestOfNObjective({ n: 2, by })
    expect(two.estimate(judged([null, 1], [-1e300, 0.25]))).toBe(0.25)
    expect(two.estimate(judged([null, 1], [null, 1]))).toBe(0)
    // Of the three pairs, two hold the sample that can be chosen.
    expect(two.estimate(judged([null, 1], [null, 1], [0, 0.6]))).toBeCloseTo(0.4, 14)
    expectClose(two.advantages(judged([null, 1], [-3, 0.25])), [0, 0.25], 1e-15)
  })

  it('is exactly zero where all rewards agree', () => {
    expect(bestOfNObjective({ n: 2, by }).advantages(judged([1, 0.1], [2, 0.1], [3, 0.1]))).toEqual([0, 0, 0])
  })

  it('is named by n and what it reads, and needs n samples', () => {
    expect(bestOfNObjective({ n: 4 })).toMatchObject({ name: 'best-of-4', k: 4, minimumSamples: 4 })
    expect(bestOfNObjective({ n: 4 }).reads).toBeUndefined()
    expect(bestOfNObjective({ n: 1, by })).toMatchObject({
      name: 'best-of-1 by judge',
      k: 1,
      minimumSamples: 2,
      reads: ['judge'],
    })
    expect(bestOfNObjective({ n: 1, by }).estimate(judged([3, 0.5]))).toBe(0.5)
    expect(() => bestOfNObjective({ n: 2, by }).estimate(judged([3, 0.5]))).toThrow(
      'best-of-2 by judge needs at least 2 samples',
    )
    expect(() => bestOfNObjective({ n: 0 })).toThrow('n must be an integer of at least 1, but is 0')
  })

  it('refuses an outcome that lacks the part, naming both, and a part that is no number', () => {
    const two = bestOfNObjective({ n: 2, by })
    expect(() => two.estimate([...judged([1, 1]), { kind: 'scored', reward: 0, parts: { other: 1 } }])).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: "outcomes[1] has no part 'judge'" }),
    )
    expect(() => two.advantages(withRewards(1, 0))).toThrow("outcomes[0] has no part 'judge'")
    expect(() => bestOfNObjective({ n: 1, by: 'toString' }).estimate(judged([1, 1]))).toThrow("no part 'toString'")
    expect(() => two.estimate(judged([1, 1], [Number.NaN, 0]))).toThrow(
      'outcomes[1].parts.judge must be a finite number, but is NaN',
    )
  })
})
