import { requireEnoughSamples, requireInteger } from '@posttrain/core'
import { rewardsOf } from '../rewards.js'
import type { BiasedAdvantages } from './biased-advantages.js'
import { deviationDivisor } from './deviation-divisor.js'

/** Options of verl's `grpo_passk`. */
export interface VerlPassAtKOptions {
  /** The k one means to train for, at least 2; the method itself knows only the group size. */
  readonly k: number
  /** Divide by the deviation of the rewards, verl's default (default true): by `deviationDivisor`; verl adds 1e-6. */
  readonly normalise?: boolean | undefined
}

/**
 * verl's `grpo_passk`: the best sample of the group gets its lead over the second best, all others 0.
 *
 * They are advantages per sample: the step is (1/n)·Σᵢ Aᵢ·∇log π(yᵢ). Without division these are the numbers of Tang et
 * al.'s leave-one-out estimator (https://arxiv.org/abs/2503.19595) of max@n, n the group size, which is unbiased for
 * their sum. For k = n the step is therefore 1/k of the gradient; for k < n it still trains for n samples.
 *
 * @param options k, and whether to divide
 * @returns advantages for `max@K`: without division and for n = k `scaled` by 1/k, otherwise `direction-changing`
 * @throws PosttrainError `invalid-argument` for a k that is not an integer of at least 2
 * @example
 * ```ts
 * const outcomes = [0.2, 0.9, 0.5].map((reward) => ({ kind: 'scored' as const, reward }))
 * verlPassAtK({ k: 3, normalise: false }).advantages(outcomes) // => [0, 0.4, 0]
 * ```
 */
export function verlPassAtK({ k, normalise = true }: VerlPassAtKOptions): BiasedAdvantages {
  requireInteger('k', k, { min: 2 })
  const name = normalise ? 'grpo_passk' : 'grpo_passk without std'
  return {
    name,
    target: `max@${k}`,
    minimumSamples: k,
    bias(n) {
      if (normalise) {
        return { kind: 'direction-changing', reason: "prompts are weighted by the inverse of their rewards' deviation" }
      }
      if (n === k) return { kind: 'scaled', factor: 1 / k }
      return { kind: 'direction-changing', reason: `a group of ${n} trains for max@${n}, not for max@${k}` }
    },
    advantages(outcomes) {
      requireEnoughSamples(name, k, outcomes.length)
      const rewards = rewardsOf(outcomes)
      const advantages = new Array<number>(rewards.length).fill(0)
      const best = rewards.indexOf(Math.max(...rewards))
      const second = Math.max(...rewards.filter((_, i) => i !== best))
      advantages[best] = (rewards[best]! - second) / (normalise ? deviationDivisor(rewards, 'sample') : 1)
      return advantages
    },
  }
}
