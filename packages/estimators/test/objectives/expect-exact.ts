import fc from 'fast-check'
import { expect } from 'vitest'
import type { Objective, ScoredOutcome } from '@posttrain/core'
import { exactExpectation, exactGradient, expectedStep, finitePolicy } from '@posttrain/laws'
import type { GroupValue } from '@posttrain/laws'

/**
 * Asserts, by writing out all groups of small policies, that an objective's estimate is E[f] for every number of
 * samples from k on, and that Σᵢ Aᵢ·∇log π(yᵢ) is its exact gradient for every number from `minimumSamples` on.
 */
export function expectExact(objective: Objective, value: GroupValue, outcome: fc.Arbitrary<ScoredOutcome>): void {
  const { k, minimumSamples } = objective
  const logit = fc.integer({ min: -15, max: 15 }).map((x) => x / 10)
  const policies = fc.array(fc.tuple(outcome, logit), { minLength: 2, maxLength: 3 }).map((rows) =>
    finitePolicy(
      rows.map(([one]) => one),
      rows.map(([, x]) => x),
    ),
  )
  fc.assert(
    fc.property(policies, fc.integer({ min: 0, max: 2 }), (policy, extra) => {
      const drawn = exactExpectation(policy, k + extra, (outcomes) => objective.estimate(outcomes))
      expect(drawn).toBeCloseTo(exactExpectation(policy, k, value), 12)
      const step = expectedStep(policy, minimumSamples + extra, (outcomes) => objective.advantages(outcomes))
      exactGradient(policy, k, value).forEach((truth, a) => expect(step[a]).toBeCloseTo(truth, 12))
    }),
    { seed: 1, numRuns: 40 },
  )
}
