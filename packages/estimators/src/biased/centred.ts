import type { Objective } from '@posttrain/core'
import { mean } from '../mean.js'
import type { AdvantageEstimator } from './advantage-estimator.js'

/**
 * An objective's advantages minus their mean over the group: the biased variant of Tang et al.
 * (https://arxiv.org/abs/2503.19595), meant to lower the variance, which it does not always do.
 *
 * @param objective any objective
 * @returns advantages for it, `direction-changing`
 * @example
 * ```ts
 * const outcomes = [0.2, 0.9, 0.5].map((reward) => ({ kind: 'scored' as const, reward }))
 * centredAdvantages(maxAtKObjective({ k: 3 })).advantages(outcomes) // => [-0.13, 0.27, -0.13]
 * ```
 */
export function centredAdvantages(objective: Objective): AdvantageEstimator {
  return {
    name: `centred ${objective.name}`,
    target: objective.name,
    minimumSamples: objective.minimumSamples,
    bias: () => ({
      kind: 'direction-changing',
      reason: 'the mean of the advantages depends on the sample itself, by an amount that depends on the prompt',
    }),
    advantages(outcomes) {
      const advantages = objective.advantages(outcomes)
      const average = mean(advantages)
      return advantages.map((advantage) => advantage - average)
    },
  }
}
