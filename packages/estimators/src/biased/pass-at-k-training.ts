import { requireEnoughSamples, requireInteger, sum } from '@posttrain/core'
import { passAtK } from '../pass-at-k.js'
import { allEqual, binaryRewards } from '../rewards.js'
import type { BiasedAdvantages } from './biased-advantages.js'

/** Options of the analytic Pass@k-Training advantage. */
export interface PassAtKTrainingOptions {
  readonly k: number
  /** Divide by σ = √(R(1−R)) as published (default), or multiply by k, which relates it to the gradient. */
  readonly normalise?: boolean | undefined
}

/**
 * The analytic advantage of Pass@k Training (Chen et al. 2025, https://arxiv.org/abs/2508.10751): with R the group's
 * pass@k, a correct sample gets 1 − R and a wrong one (pass@(k−1) of the others) − R, divided by σ = √(R(1−R)).
 *
 * They are advantages per sample: the step is (1/n)·Σᵢ Aᵢ·∇log π(yᵢ). R includes the sample itself, so that without σ,
 * and times k, the expected step is 1 − k/n of the gradient of pass@k. For n = k that is nothing: n should be much
 * larger than k. σ weights prompts by their difficulty.
 *
 * @param options k, and whether to divide by σ
 * @returns advantages for `pass@K`: without normalisation `scaled` by 1 − k/n, otherwise `direction-changing`
 * @throws PosttrainError `invalid-argument`; its functions, for rewards other than 0 and 1
 * @example
 * ```ts
 * const outcomes = [1, 1, 0, 0, 0, 0, 0, 0].map((reward) => ({ kind: 'scored' as const, reward }))
 * passAtKTrainingAdvantages({ k: 4 }).advantages(outcomes)[0]! // => 0.522233
 * ```
 */
export function passAtKTrainingAdvantages({ k, normalise = true }: PassAtKTrainingOptions): BiasedAdvantages {
  requireInteger('k', k, { min: 1 })
  const name = normalise ? `pass@${k} training` : `pass@${k} training without σ`
  const minimumSamples = Math.max(2, k)
  return {
    name,
    target: `pass@${k}`,
    minimumSamples,
    bias: (n) =>
      normalise
        ? { kind: 'direction-changing', reason: 'prompts are weighted by 1/√(R(1−R)), R their estimated pass@k' }
        : { kind: 'scaled', factor: 1 - k / n },
    advantages(outcomes) {
      const n = outcomes.length
      requireEnoughSamples(name, minimumSamples, n)
      const rewards = binaryRewards(name, outcomes)
      const c = sum(rewards)
      const group = passAtK(n, c, k)
      if (allEqual(rewards) || group === 1) return new Array<number>(n).fill(0)
      const scale = normalise ? 1 / Math.sqrt(group * (1 - group)) : k
      const wrong = k === 1 ? 0 : passAtK(n - 1, c, k - 1)
      return Array.from(rewards, (reward) => scale * ((reward === 1 ? 1 : wrong) - group))
    },
  }
}
