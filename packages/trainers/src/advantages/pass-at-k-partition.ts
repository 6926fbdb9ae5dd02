import { requireEnoughSamples, requireInteger } from '@posttrain/core'
import { binaryRewards } from '@posttrain/estimators'
import type { AdvantageEstimator } from './advantage-estimator.js'
import { creditSubsetMaxima } from './subset-maxima.js'

/** Settings of Pass@k Training by full sampling. */
export interface PassAtKPartitionOptions {
  readonly k: number
  /** Divide by the deviation of the subgroups' rewards as published (default). */
  readonly normalise?: boolean | undefined
}

/**
 * Pass@k Training by full sampling (Chen et al. 2025, https://arxiv.org/abs/2508.10751, form a): n samples are cut into
 * G = ⌊n/k⌋ subgroups of k, in their order; a subgroup's reward is its best, and each member gets (best − mean over
 * subgroups)/σ. Left-over samples get 0.
 *
 * Without σ, and times n/G instead, the expected step is (1 − 1/G) of the gradient of pass@k, since the mean holds the
 * subgroup itself. σ then weights prompts by their difficulty. It uses n samples for only G values; `passAtKObjective`
 * is exact and uses all subsets.
 *
 * @returns a rule for at least 2k samples with rewards of 0 and 1
 * @throws PosttrainError `invalid-argument` for a k that is not a positive integer
 * @example
 * ```ts
 * passAtKPartitionAdvantages({ k: 2, normalise: false }).bias(8) // => { kind: 'scaled', factor: 0.75 }
 * ```
 */
export function passAtKPartitionAdvantages({ k, normalise = true }: PassAtKPartitionOptions): AdvantageEstimator {
  requireInteger('k', k, { min: 1 })
  const name = `pass@${k} partition${normalise ? '' : ' without σ'}`
  return {
    name,
    target: `pass@${k}`,
    minimumSamples: 2 * k,
    needs: [],
    bias: (n) =>
      normalise
        ? { kind: 'direction-changing', reason: "prompts are weighted by the inverse of their subgroups' deviation" }
        : { kind: 'scaled', factor: 1 - 1 / Math.floor(n / k) },
    advantages: (groups) =>
      groups.map(({ outcomes }) => {
        requireEnoughSamples(name, 2 * k, outcomes.length)
        const subsets = Array.from({ length: Math.floor(outcomes.length / k) }, (_, g) =>
          Array.from({ length: k }, (_, j) => g * k + j),
        )
        return { advantages: creditSubsetMaxima(binaryRewards(name, outcomes), subsets, normalise) }
      }),
  }
}
