import fc from 'fast-check'
import type { Objective, ScoredOutcome } from '@posttrain/core'
import { policies } from './arbitraries/policies.js'
import { requireClose } from './assertions.js'
import { exactGradient } from './enumerate.js'
import type { GroupValue } from './enumerate.js'
import { scaleOf } from './estimator-laws.js'
import { finitePolicy } from './finite-policy.js'
import type { FinitePolicy } from './finite-policy.js'
import type { Law } from './law.js'

/** What an objective claims, as for its other laws. */
export interface MissingSampleClaims {
  /** f(y₁ … yₖ), written as plainly as can be. */
  readonly value: GroupValue
  readonly outcome: fc.Arbitrary<ScoredOutcome>
  /**
   * True if advantages add up to 0 over a group (default false): then they are exact among the samples present,
   * whatever decides which are.
   */
  readonly addsUpToZero?: boolean | undefined
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
 * content, as for answers that a judge could not read, it is that of the objective among the samples present for
 * advantages that add up to 0, and otherwise off by E[Σᵢ Aᵢ]·∇log P(present): compare with `gradientAmongPresent`.
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
 * ∇E[f(y₁ … yₖ) | all present], in the logits: the exact gradient of what k samples decide among those present.
 *
 * @returns one entry per outcome of the policy; 0 for one that is never present
 */
export function gradientAmongPresent(policy: FinitePolicy, k: number, value: GroupValue, missing: Missing): number[] {
  const present = policy.outcomes.flatMap((_, choice) => (missing(choice) < 1 ? [choice] : []))
  const among = finitePolicy(
    present.map((choice) => policy.outcomes[choice]!),
    present.map((choice) => policy.logits[choice]! + Math.log(1 - missing(choice))),
  )
  const gradient = policy.outcomes.map(() => 0)
  exactGradient(among, k, value).forEach((derivative, i) => (gradient[present[i]!] = derivative))
  return gradient
}

/**
 * The laws of samples that are left out: where they are missing whatever they say, what is left is as unbiased as the
 * whole; and where advantages add up to 0, it is exact among the samples present even where what they say decides.
 *
 * @returns named fast-check properties
 */
export function missingSampleLaws(objective: Objective, claims: MissingSampleClaims): Law[] {
  const { value, outcome, addsUpToZero = false, tolerance = 1e-10 } = claims
  const { name, k, minimumSamples } = objective
  const rate = fc.integer({ min: 1, max: 9 }).map((tenths) => tenths / 10)
  const cases = fc.record({ policy: policies(outcome, 2), rate })
  const requireGradient = (policy: FinitePolicy, missing: Missing): void => {
    const step = expectedStepOfPresent(policy, objective, minimumSamples + 1, missing)
    const scale = k * scaleOf(policy.outcomes)
    gradientAmongPresent(policy, k, value, missing).forEach((truth, a) =>
      requireClose(`the expected step of ${name} in logit ${a}`, step[a]!, truth, tolerance, scale),
    )
  }
  const laws: Law[] = [
    {
      name: `${name} is exact when samples that are missing whatever they say are left out`,
      property: fc.property(cases, ({ policy, rate: chance }) => requireGradient(policy, () => chance)),
    },
  ]
  if (addsUpToZero) {
    const rates = fc.array(fc.oneof(rate, fc.constant(0)), { minLength: 2, maxLength: 2 })
    laws.push({
      name: `${name} is exact among the samples present when what they say decides which are left out`,
      property: fc.property(policies(outcome, 2), rates, (policy, chances) =>
        requireGradient(policy, (choice) => chances[choice]!),
      ),
    })
  }
  return laws
}
