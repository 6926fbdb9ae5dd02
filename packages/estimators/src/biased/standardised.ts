import { requireOneOf } from '@posttrain/core'
import type { Objective } from '@posttrain/core'
import { rewardsOf } from '../rewards.js'
import type { BiasedAdvantages } from './biased-advantages.js'
import { deviationDivisor, type DeviationKind } from './deviation-divisor.js'
import { groupMeanAdvantages } from './group-mean.js'
import { perSample } from './per-sample.js'

/**
 * Advantages divided by the standard deviation of the group's rewards, by `deviationDivisor`: rewards that are equal up
 * to rounding give advantages of 0 up to rounding, and a deviation of at least 1e-4·max(1, largest |reward|) is divided
 * by as it is.
 *
 * They are advantages per sample: those of a `BiasedAdvantages` as they are, those of an `Objective` times n, which it
 * has divided by.
 *
 * @param base advantages to divide
 * @param kind default `sample`
 * @returns advantages for the same target, `direction-changing`: easy and hard prompts, whose rewards vary little,
 *   count more
 * @throws PosttrainError `invalid-argument` for an unknown kind
 * @example
 * ```ts
 * standardisedAdvantages(maxAtKObjective({ k: 2 })).bias(8).kind // => 'direction-changing'
 * ```
 */
export function standardisedAdvantages(
  base: Objective | BiasedAdvantages,
  kind: DeviationKind = 'sample',
): BiasedAdvantages {
  requireOneOf('kind', kind, ['sample', 'population'])
  return {
    name: `standardised ${base.name}`,
    target: 'target' in base ? base.target : base.name,
    minimumSamples: Math.max(2, base.minimumSamples),
    bias: () => ({
      kind: 'direction-changing',
      reason:
        "prompts are weighted by the inverse of their rewards' standard deviation, which depends on the sample itself",
    }),
    advantages(outcomes) {
      const advantages = 'target' in base ? base.advantages(outcomes) : perSample(base, outcomes)
      const divisor = deviationDivisor(rewardsOf(outcomes), kind)
      return advantages.map((advantage) => advantage / divisor + 0) // 0 without a sign where the divisor is infinite
    },
  }
}

/**
 * GRPO's advantages, (rᵢ − r̄)/std(r) (Shao et al. 2024, https://arxiv.org/abs/2402.03300). TRL adds 1e-4 to the
 * deviation and verl 1e-6; here a deviation below 1e-4·max(1, largest |r|) counts as none, as `deviationDivisor` says,
 * and nothing is added to a larger one.
 *
 * They are advantages per sample: the step is (1/n)·Σᵢ Aᵢ·∇log π(yᵢ).
 *
 * @param kind of the standard deviation (default `sample`)
 * @returns advantages for `mean`, `direction-changing`
 * @throws PosttrainError `invalid-argument` for an unknown kind
 * @example
 * ```ts
 * const outcomes = [1, 0].map((reward) => ({ kind: 'scored' as const, reward }))
 * grpoAdvantages('population').advantages(outcomes) // => [1, -1]
 * ```
 */
export const grpoAdvantages = (kind: DeviationKind = 'sample'): BiasedAdvantages => ({
  ...standardisedAdvantages(groupMeanAdvantages(), kind),
  name: 'grpo',
})
