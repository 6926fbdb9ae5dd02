import { mean, requireOneOf, sum } from '@posttrain/core'
import type { Objective } from '@posttrain/core'
import { allEqual, rewardsOf } from '../rewards.js'
import type { BiasedAdvantages } from './biased-advantages.js'
import { groupMeanAdvantages } from './group-mean.js'
import { perSample } from './per-sample.js'

/** Divisor of the sum of squares: n − 1 as in PyTorch's `std`, or n as in NumPy's. */
export type DeviationKind = 'sample' | 'population'

/** Standard deviation of rewards that are not all equal. */
export function deviation(rewards: Float64Array, kind: DeviationKind): number {
  const average = mean(rewards)
  const squares = sum(rewards.map((reward) => (reward - average) ** 2))
  return Math.sqrt(squares / (kind === 'sample' ? rewards.length - 1 : rewards.length))
}

/**
 * Advantages divided by the standard deviation of the group's rewards. A group of equal rewards gets exact zeros, found
 * by comparing rewards, so that no ε is added to the divisor.
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
      const rewards = rewardsOf(outcomes)
      if (allEqual(rewards)) return new Array<number>(rewards.length).fill(0)
      const divisor = deviation(rewards, kind)
      return advantages.map((advantage) => advantage / divisor)
    },
  }
}

/**
 * GRPO's advantages, (rᵢ − r̄)/std(r) (Shao et al. 2024, https://arxiv.org/abs/2402.03300), without ε.
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
