import { mean } from '@posttrain/core'
import type { Objective } from '@posttrain/core'
import type { BiasedAdvantages } from './biased-advantages.js'
import { perSample } from './per-sample.js'

/**
 * An objective's advantages minus their mean over the group: the biased variant of Tang et al.
 * (https://arxiv.org/abs/2503.19595), meant to lower the variance, which it does not always do.
 *
 * They are advantages per sample: n·Aᵢ − Σⱼ Aⱼ, with Aᵢ the objective's, which have the 1/n inside.
 *
 * @param objective any objective
 * @returns advantages for it, `direction-changing`
 * @example
 * ```ts
 * const outcomes = [0.2, 0.9, 0.5].map((reward) => ({ kind: 'scored' as const, reward }))
 * centredAdvantages(maxAtKObjective({ k: 3 })).advantages(outcomes) // => [-0.4, 0.8, -0.4]
 * ```
 */
export function centredAdvantages(objective: Objective): BiasedAdvantages {
  return {
    name: `centred ${objective.name}`,
    target: objective.name,
    minimumSamples: objective.minimumSamples,
    bias: () => ({
      kind: 'direction-changing',
      reason: 'the mean of the advantages depends on the sample itself, by an amount that depends on the prompt',
    }),
    advantages(outcomes) {
      const advantages = perSample(objective, outcomes)
      const average = mean(advantages)
      return advantages.map((advantage) => advantage - average)
    },
  }
}
