import fc from 'fast-check'
import type { ScoredOutcome } from '@posttrain/core'
import { finitePolicy } from '../finite-policy.js'
import type { FinitePolicy } from '../finite-policy.js'

/** Softmax policies over up to `maxOutcomes` outcomes. */
export const policies = (outcome: fc.Arbitrary<ScoredOutcome>, maxOutcomes: number = 3): fc.Arbitrary<FinitePolicy> =>
  fc
    .array(fc.record({ outcome, logit: fc.integer({ min: -8, max: 8 }) }), { minLength: 1, maxLength: maxOutcomes })
    .map((choices) =>
      finitePolicy(
        choices.map((choice) => choice.outcome),
        choices.map((choice) => choice.logit / 4),
      ),
    )
