import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ScoredOutcome } from '@posttrain/core'
import { binaryOutcome } from '@posttrain/laws'
import { firstPassingObjective, passAtKObjective } from '@posttrain/estimators'
import { expectClose, withRewards } from '../outcomes.js'
import { expectExact } from './expect-exact.js'

/** Outcomes with the part of visible tests and a reward. */
const tested = (...scores: readonly (readonly [number | null, number])[]): ScoredOutcome[] =>
  scores.map(([tests, reward]) => ({ kind: 'scored', reward, parts: { tests } }))

const by = 'tests'

/** The reward of the first sample that passes: by the order of the samples, not by a mean over them. */
const firstPassing = (outcomes: readonly ScoredOutcome[]): number =>
  outcomes.find(({ parts }) => (parts![by] ?? 0) >= 1)?.reward ?? 0

const outcome = fc
  .tuple(fc.constantFrom(null, 0, 0.9, 1, 2), fc.constantFrom(-1, 0, 0.25, 1))
  .map(([tests, reward]): ScoredOutcome => ({ kind: 'scored', reward, parts: { tests } }))

describe('firstPassingObjective', () => {
  it.each([1, 2, 3])('is exact for k = %d, in value and in gradient', (k) => {
    expectExact(firstPassingObjective({ k, by }), firstPassing, outcome)
  })

  it('is pass@k where the reward of 0 or 1 decides itself', () => {
    fc.assert(
      fc.property(fc.array(binaryOutcome(), { minLength: 2, maxLength: 9 }), fc.nat(), (outcomes, seed) => {
        const k = 1 + (seed % outcomes.length)
        const [passing, pass] = [firstPassingObjective({ k }), passAtKObjective({ k })]
        expect(passing.estimate(outcomes)).toBeCloseTo(pass.estimate(outcomes), 13)
        expectClose(passing.advantages(outcomes), pass.advantages(outcomes), 1e-13)
      }),
      { seed: 1 },
    )
  })

  it('counts the reward of a sample that passes, and nothing of one that does not', () => {
    // Of the pairs (passes & wrong, passes & right), (passes & wrong, fails), (passes & right, fails): ½, 0, 1.
    expect(firstPassingObjective({ k: 2, by }).estimate(tested([1, 0], [1, 1], [0, 1]))).toBeCloseTo(0.5, 14)
    expect(firstPassingObjective({ k: 2, by }).estimate(tested([0.99, 1], [null, 1]))).toBe(0)
    expect(firstPassingObjective({ k: 1 }).estimate(withRewards(0.5))).toBe(0) // 0.5 does not pass
    expectClose(firstPassingObjective({ k: 2, by }).advantages(tested([1, 0], [1, 1])), [-0.5, 0.5], 1e-14)
  })

  it('is named by k and what it reads, and refuses an outcome without it', () => {
    expect(firstPassingObjective({ k: 4 })).toMatchObject({ name: 'first-passing@4', k: 4, minimumSamples: 4 })
    const objective = firstPassingObjective({ k: 2, by })
    expect(objective).toMatchObject({ name: 'first-passing@2 by tests', reads: ['tests'] })
    expect(() => objective.estimate(withRewards(1, 0))).toThrow("outcomes[0] has no part 'tests'")
    expect(() => objective.estimate(tested([1, 1]))).toThrow('first-passing@2 by tests needs at least 2 samples')
    expect(() => firstPassingObjective({ k: 0 })).toThrow('k must be an integer of at least 1, but is 0')
  })
})
