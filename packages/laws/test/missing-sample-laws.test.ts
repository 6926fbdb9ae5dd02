import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ScoredOutcome } from '@posttrain/core'
import {
  bestOfNObjective,
  leaveTwoOut,
  majorityObjective,
  maxAtKObjective,
  meanObjective,
  passAtKObjective,
  passHatKObjective,
  symmetricObjective,
} from '@posttrain/estimators'
import {
  answerOutcome,
  bestValue,
  binaryOutcome,
  exactGradient,
  expectedStepOfPresent,
  finitePolicy,
  gradientAmongPresent,
  meanValue,
  missingSampleLaws,
  partOutcome,
  pluralityValue,
  rewardOutcome,
  worstValue,
} from '@posttrain/laws'
import { bestByPartValue, spreadValue } from './values.js'

describe.each([
  { objective: meanObjective(), claims: { value: meanValue, outcome: rewardOutcome(), addsUpToZero: true } },
  { objective: passAtKObjective({ k: 2 }), claims: { value: bestValue, outcome: binaryOutcome() } },
  { objective: maxAtKObjective({ k: 3 }), claims: { value: bestValue, outcome: rewardOutcome() } },
  { objective: majorityObjective({ k: 3 }), claims: { value: pluralityValue(), outcome: answerOutcome() } },
  ...[
    { objective: passAtKObjective({ k: 2 }), claims: { value: bestValue, outcome: binaryOutcome() } },
    { objective: passHatKObjective({ k: 2 }), claims: { value: worstValue, outcome: binaryOutcome() } },
    { objective: maxAtKObjective({ k: 2 }), claims: { value: bestValue, outcome: rewardOutcome() } },
    { objective: majorityObjective({ k: 3 }), claims: { value: pluralityValue(), outcome: answerOutcome() } },
    {
      objective: bestOfNObjective({ n: 2, by: 'proxy' }),
      claims: { value: bestByPartValue, outcome: partOutcome('proxy') },
    },
    {
      objective: symmetricObjective({ name: 'spread@2', k: 2, f: spreadValue }),
      claims: { value: spreadValue, outcome: rewardOutcome() },
    },
  ].map(({ objective, claims }) => ({
    objective: leaveTwoOut(objective),
    claims: { ...claims, addsUpToZero: true },
  })),
])('$objective.name from $objective.minimumSamples', ({ objective, claims }) => {
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

  it('bias advantages that do not add up to 0 against the gradient among those present, and no others', () => {
    const missing = (choice: number): number => (choice === 1 ? 0.5 : 0)
    const among = gradientAmongPresent(policy, 2, bestValue, missing)
    expect(errorOf(expectedStepOfPresent(policy, leaveTwoOut(max2), 4, missing), among)).toBeLessThan(1e-12)
    expect(errorOf(expectedStepOfPresent(policy, max2, 4, missing), among)).toBeGreaterThan(0.01)
    // Where it ignores content, among those present and among all is the same.
    expect(
      errorOf(
        gradientAmongPresent(policy, 2, bestValue, () => 0.5),
        exactGradient(policy, 2, bestValue),
      ),
    ).toBeLessThan(1e-12)
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
