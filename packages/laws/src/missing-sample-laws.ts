import fc from 'fast-check'
import type { Objective, ScoredOutcome } from '@posttrain/core'
import { policies } from './arbitraries/policies.js'
import { requireClose } from './assertions.js'
import { exactGradient } from './enumerate.js'
import type { GroupValue } from './enumerate.js'
import { scaleOf } from './estimator-laws.js'
import type { FinitePolicy } from './finite-policy.js'
import type { Law } from './law.js'

/** What an objective claims, as for its other laws. */
export interface MissingSampleClaims {
  /** f(y₁ … yₖ), written as plainly as can be. */
  readonly value: GroupValue
  readonly outcome: fc.Arbitrary<ScoredOutcome>
  /** Default 1e-10. */
  readonly tolerance?: number | undefined
}

/** Probability that a sample is missing, by its place among the policy's outcomes. */
export type Missing = (choice: number) => number

/**
 * The expected step of an objective's advantages when samples go missing and are left out, given that enough remain:
 * E[Σ over those present of Aᵢ·∇log π(yᵢ)], in the logits, by writing out every draw of n and every way to lose some.
 *
 * Exact for the objective's gradient where being missing ignores content, as for a failed request. Where it depends on
 * content, as for answers that a judge could not read, it is the gradient of something else: compare the two to see by
 * how much.
 *
 * @param n samples drawn
 */
export function expectedStepOfPresent(
  policy: FinitePolicy,
  objective: Pick<Objective, 'minimumSamples' | 'advantages'>,
  n: number,
  missing: Missing,
): number[] {
  const step = policy.probabilities.map(() => 0)
  let mass = 0
  const visit = (left: number, present: readonly number[], probability: number): void => {
    if (probability === 0) return
    if (left > 0) {
      policy.probabilities.forEach((pi, choice) => {
        visit(left - 1, present, probability * pi * missing(choice))
        visit(left - 1, [...present, choice], probability * pi * (1 - missing(choice)))
      })
      return
    }
    if (present.length < objective.minimumSamples) return
    mass += probability
    const advantages = objective.advantages(present.map((choice) => policy.outcomes[choice]!))
    const total = advantages.reduce((a, b) => a + b, 0)
    present.forEach((choice, i) => (step[choice]! += probability * advantages[i]!))
    policy.probabilities.forEach((pi, a) => (step[a]! -= probability * total * pi))
  }
  visit(n, [], 1)
  return step.map((value) => value / mass)
}

/**
 * The law of samples that are left out: where they are missing whatever they say, what is left is as unbiased as the
 * whole.
 *
 * @returns a named fast-check property
 */
export function missingSampleLaws(objective: Objective, claims: MissingSampleClaims): Law[] {
  const { value, outcome, tolerance = 1e-10 } = claims
  const { name, k, minimumSamples } = objective
  const cases = fc.record({
    policy: policies(outcome, 2),
    rate: fc.integer({ min: 1, max: 9 }).map((tenths) => tenths / 10),
  })
  return [
    {
      name: `${name} is exact when samples that are missing whatever they say are left out`,
      property: fc.property(cases, ({ policy, rate }) => {
        const step = expectedStepOfPresent(policy, objective, minimumSamples + 1, () => rate)
        const scale = k * scaleOf(policy.outcomes)
        exactGradient(policy, k, value).forEach((truth, a) =>
          requireClose(`the expected step of ${name} in logit ${a}`, step[a]!, truth, tolerance, scale),
        )
      }),
    },
  ]
}
