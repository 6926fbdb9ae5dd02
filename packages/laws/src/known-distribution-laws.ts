import fc from 'fast-check'
import type { ScoredOutcome } from '@posttrain/core'
import { policies } from './arbitraries/policies.js'
import { requireClose } from './assertions.js'
import { exactExpectation } from './enumerate.js'
import type { GroupValue } from './enumerate.js'
import { scaleOf } from './estimator-laws.js'
import type { FinitePolicy } from './finite-policy.js'
import type { Law } from './law.js'

/** E[f(y₁ … yₖ)] from the policy itself instead of from samples. */
export type KnownDistribution = (policy: FinitePolicy) => number

/** What a function of a known distribution claims. */
export interface KnownDistributionClaims {
  readonly k: number
  /** f(y₁ … yₖ), written as plainly as can be. */
  readonly value: GroupValue
  readonly outcome: fc.Arbitrary<ScoredOutcome>
  /** Default 1e-10. */
  readonly tolerance?: number | undefined
}

/**
 * The law of a function of a known distribution: it equals the expectation written out over all sequences of k samples.
 *
 * @example
 * ```ts
 * const mean = ({ outcomes, probabilities }: FinitePolicy) =>
 *   outcomes.reduce((sum, { reward }, i) => sum + probabilities[i]! * reward, 0)
 * const claims = { k: 1, value: meanValue, outcome: rewardOutcome() }
 * knownDistributionLaws('mean', mean, claims).length // => 1
 * ```
 */
export function knownDistributionLaws(
  name: string,
  evaluate: KnownDistribution,
  { k, value, outcome, tolerance = 1e-10 }: KnownDistributionClaims,
): Law[] {
  return [
    {
      name: `${name} is the expectation over all sequences of ${k} samples`,
      property: fc.property(policies(outcome), (policy) =>
        requireClose(name, evaluate(policy), exactExpectation(policy, k, value), tolerance, scaleOf(policy.outcomes)),
      ),
    },
  ]
}
