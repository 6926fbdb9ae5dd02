import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ScoredOutcome } from '@posttrain/core'
import { majorityObjective, maxAtKObjective, meanObjective, passAtKObjective } from '@posttrain/estimators'
import {
  answerOutcome,
  bestValue,
  binaryOutcome,
  exactGradient,
  expectedStepOfPresent,
  finitePolicy,
  meanValue,
  missingSampleLaws,
  pluralityValue,
  rewardOutcome,
} from '@posttrain/laws'

describe.each([
  { objective: meanObjective(), claims: { value: meanValue, outcome: rewardOutcome() } },
  { objective: passAtKObjective({ k: 2 }), claims: { value: bestValue, outcome: binaryOutcome() } },
  { objective: maxAtKObjective({ k: 3 }), claims: { value: bestValue, outcome: rewardOutcome() } },
  { objective: majorityObjective({ k: 3 }), claims: { value: pluralityValue(), outcome: answerOutcome() } },
])('$objective.name', ({ objective, claims }) => {
  it.each(missingSampleLaws(objective, claims))('$name', ({ property }) =>
    fc.assert(property, { seed: 1, numRuns: 40 }),
  )
})

describe('samples that are missing', () => {
  const scored = (reward: number): ScoredOutcome => ({ kind: 'scored', reward })
  const probabilities = [0.5, 0.3, 0.2]
  const policy = finitePolicy([0, 1, 0.5].map(scored), probabilities.map(Math.log))
  const max2 = maxAtKObjective({ k: 2 })
  const errorOf = (step: readonly number[], truth: readonly number[]): number =>
    Math.max(...step.map((value, i) => Math.abs(value - truth[i]!)))

  it('leave the gradient exact whatever they say, and bias it where they depend on what they say', () => {
    const truth = exactGradient(policy, 2, bestValue)
    expect(
      errorOf(
        expectedStepOfPresent(policy, max2, 4, () => 0.3),
        truth,
      ),
    ).toBeLessThan(1e-12)
    const byContent = errorOf(
      expectedStepOfPresent(policy, max2, 4, (choice) => (choice === 1 ? 0.5 : 0)),
      truth,
    )
    expect(byContent).toBeCloseTo(0.0891, 4)
  })

  it('are exact as failures: of the reward that is 0 there', () => {
    // Half of the answers worth 1 cannot be read and count as 0: an outcome of its own, for which the law is enumerated.
    const read = finitePolicy([0, 1, 0, 0.5].map(scored), [0.5, 0.15, 0.15, 0.2].map(Math.log))
    const truth = exactGradient(read, 2, bestValue)
    expect(
      errorOf(
        expectedStepOfPresent(read, max2, 4, () => 0),
        truth,
      ),
    ).toBeLessThan(1e-12)
  })
})
