import { requireEnoughSamples, requireInteger } from '@posttrain/core'
import { passAtK } from '../pass-at-k.js'
import { allEqual, binaryRewardsOf } from '../rewards.js'
import type { AdvantageEstimator } from './advantage-estimator.js'

/** Options of the analytic Pass@k-Training advantage. */
export interface PassAtKTrainingOptions {
  readonly k: number
  /** Divide by σ = √(R(1−R)) as published (default), or leave the scale that relates it to the gradient. */
  readonly normalise?: boolean
}

/**
 * The analytic advantage of Pass@k Training (Chen et al. 2025, https://arxiv.org/abs/2508.10751): with R the group's
 * pass@k, a correct sample gets 1 − R and a wrong one (pass@(k−1) of the others) − R, divided by σ = √(R(1−R)).
 *
 * R holds the sample itself. Without σ, and times k/n, the expected step is (1 − k/n) of the gradient of pass@k: for n = k it is
 * zero whatever happens, so n should be much larger than k. σ then weights prompts by their difficulty.
 *
 * @returns advantages for `pass@K`: without normalisation `scaled` by 1 − k/n, otherwise `direction-changing`
 * @throws PosttrainError `invalid-argument`; its functions, for rewards other than 0 and 1
 * @example
 * ```ts
 * const outcomes = [1, 1, 0, 0, 0, 0, 0, 0].map((reward) => ({ kind: 'scored' as const, reward }))
 * passAtKTrainingAdvantages({ k: 4 }).advantages(outcomes)[0]! // => 0.522233
 * ```
 */
export function passAtKTrainingAdvantages({ k, normalise = true }: PassAtKTrainingOptions): AdvantageEstimator {
  requireInteger('k', k, { min: 1 })
  const name = normalise ? `pass@${k} training` : `pass@${k} training without σ`
  return {
    name,
    target: `pass@${k}`,
    minimumSamples: Math.max(2, k),
    bias: (n) =>
      normalise
        ? { kind: 'direction-changing', reason: 'prompts are weighted by 1/√(R(1−R)), R their estimated pass@k' }
        : { kind: 'scaled', factor: 1 - k / n },
    advantages(outcomes) {
      const n = outcomes.length
      requireEnoughSamples(name, Math.max(2, k), n)
      const rewards = binaryRewardsOf(name, outcomes)
      const c = rewards.reduce((a, b) => a + b, 0)
      const group = passAtK(n, c, k)
      if (allEqual(rewards) || group === 1) return new Array<number>(n).fill(0)
      const scale = normalise ? 1 / Math.sqrt(group * (1 - group)) : k / n
      const wrong = k === 1 ? 0 : passAtK(n - 1, c, k - 1)
      return Array.from(rewards, (reward) => scale * ((reward === 1 ? 1 : wrong) - group))
    },
  }
}
