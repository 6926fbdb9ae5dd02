import fc from 'fast-check'
import type { Bias, ScoredOutcome } from '@posttrain/core'
import { policies } from './arbitraries/policies.js'
import { requireClose } from './assertions.js'
import { exactGradient, expectedStep } from './enumerate.js'
import type { GroupValue } from './enumerate.js'
import { enumerable, scaleOf } from './estimator-laws.js'
import type { Law } from './law.js'

/** Advantages with a statement of their bias. */
export interface StatedAdvantages {
  readonly name: string
  readonly minimumSamples: number
  /** How (1/n) Σᵢ Aᵢ·∇log π(yᵢ) relates to the gradient of the target, for groups of n samples. */
  bias(n: number): Bias
  /** One per outcome, in the field's convention: not divided by n. */
  advantages(outcomes: readonly ScoredOutcome[]): readonly number[]
}

/** What the advantages are meant for. */
export interface AdvantageClaims {
  /** f(y₁ … yₖ) of their target. */
  readonly value: GroupValue
  readonly k: number
  readonly outcome: fc.Arbitrary<ScoredOutcome>
  /** Default 1e-10. */
  readonly tolerance?: number | undefined
}

/**
 * The laws of advantages that state their bias: where the statement is `exact` or `scaled`, the expected step is that
 * multiple of the exactly differentiated target; where all rewards agree, every advantage is exactly 0.
 *
 * `direction-changing` promises nothing about the step; to show that it is not too modest, exhibit a policy.
 *
 * @returns named fast-check properties
 */
export function advantageLaws(estimator: StatedAdvantages, claims: AdvantageClaims): Law[] {
  const { name, minimumSamples } = estimator
  const { value, k, outcome, tolerance = 1e-10 } = claims
  return [
    {
      name: `${name} advantages have the bias they state`,
      property: fc.property(enumerable(outcome, minimumSamples), ({ policy, n }) => {
        const bias = estimator.bias(n)
        if (bias.kind === 'direction-changing') return
        const factor = bias.kind === 'exact' ? 1 : bias.factor
        const step = expectedStep(policy, n, (outcomes) => estimator.advantages(outcomes).map((a) => a / n))
        exactGradient(policy, k, value).forEach((truth, a) => {
          const scale = k * scaleOf(policy.outcomes)
          requireClose(
            `the expected step of ${name} from ${n} samples in logit ${a}`,
            step[a]!,
            factor * truth,
            tolerance,
            scale,
          )
        })
      }),
    },
    {
      name: `${name} advantages are exactly 0 where all rewards agree`,
      property: fc.property(policies(outcome), fc.nat({ max: 5 }), ({ outcomes }, extra) => {
        const { reward } = outcomes[0]!
        const group = Array.from({ length: minimumSamples + extra }, (_, i) => ({
          ...outcomes[i % outcomes.length]!,
          reward,
        }))
        return estimator.advantages(group).every((advantage) => advantage === 0)
      }),
    },
  ]
}
