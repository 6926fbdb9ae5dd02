import fc from 'fast-check'
import type { ScoredOutcome } from '@posttrain/core'
import { policies } from './arbitraries/policies.js'
import { requireClose } from './assertions.js'
import { exactGradient, expectedStep } from './enumerate.js'
import type { GroupValue } from './enumerate.js'
import { enumerable, scaleOf } from './estimator-laws.js'
import type { Law } from './law.js'

/** What advantages state about their expected step. */
export type StatedBias =
  | { readonly kind: 'exact' }
  | { readonly kind: 'scaled'; readonly factor: number }
  | { readonly kind: 'direction-changing' }

/** Advantages with a statement of their bias. */
export interface StatedAdvantages {
  readonly name: string
  readonly minimumSamples: number
  /** The bias for groups of n samples. */
  bias(n: number): StatedBias
  /** One advantage per outcome. */
  advantages(outcomes: readonly ScoredOutcome[]): readonly number[]
}

/** What the advantages are meant for. */
export interface AdvantageClaims {
  /** f(y₁ … yₖ) of their target. */
  readonly value: GroupValue
  readonly k: number
  readonly outcome: fc.Arbitrary<ScoredOutcome>
  /** Default 1e-10. */
  readonly tolerance?: number
}

/**
 * The laws of advantages that state their bias: where the statement is `exact` or `scaled`, the expected step is that multiple
 * of the exactly differentiated target; where all rewards agree, every advantage is exactly 0.
 *
 * `direction-changing` promises nothing about the step; to show that it is not too modest, exhibit a policy.
 *
 * @returns named fast-check properties
 */
export function advantageLaws(estimator: StatedAdvantages, claims: AdvantageClaims): Law[] {
  const { name, minimumSamples } = estimator
  const { value, k, outcome, tolerance = 1e-10 } = claims
  const sized = { name, k, minimumSamples, estimate: () => 0 }
  return [
    {
      name: `${name} advantages have the bias they state`,
      property: fc.property(enumerable(sized, { value, outcome }), ({ policy, n }) => {
        const bias = estimator.bias(n)
        if (bias.kind === 'direction-changing') return
        const factor = bias.kind === 'exact' ? 1 : bias.factor
        const step = expectedStep(policy, n, (outcomes) => estimator.advantages(outcomes))
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
