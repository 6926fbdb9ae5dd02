import { mean, requireEnoughSamples } from '@posttrain/core'
import { allEqual, rewardsOf } from '../rewards.js'
import type { BiasedAdvantages } from './biased-advantages.js'

/**
 * Rewards centred on the mean of the whole group, rᵢ − r̄, as in GRPO without its division (Shao et al. 2024,
 * https://arxiv.org/abs/2402.03300; Dr. GRPO). The group mean holds rᵢ itself, which shortens the gradient by (n−1)/n.
 *
 * They are advantages per sample: the step is (1/n)·Σᵢ Aᵢ·∇log π(yᵢ).
 *
 * @returns advantages for `mean`, `scaled` by (n−1)/n
 * @example
 * ```ts
 * groupMeanAdvantages().bias(4) // => { kind: 'scaled', factor: 0.75 }
 * ```
 */
export function groupMeanAdvantages(): BiasedAdvantages {
  return {
    name: 'group-mean',
    target: 'mean',
    minimumSamples: 2,
    bias: (n) => ({ kind: 'scaled', factor: (n - 1) / n }),
    advantages(outcomes) {
      requireEnoughSamples('group-mean', 2, outcomes.length)
      const rewards = rewardsOf(outcomes)
      if (allEqual(rewards)) return new Array<number>(rewards.length).fill(0)
      const average = mean(rewards)
      return Array.from(rewards, (reward) => reward - average)
    },
  }
}
