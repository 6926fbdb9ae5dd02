import { createStream, requireEnoughSamples, requireInteger, type RandomStream } from '@posttrain/core'
import { binaryRewards } from '@posttrain/estimators'
import type { AdvantageEstimator, AdvantageInput } from './advantage-estimator.js'
import { creditSubsetMaxima } from './subset-maxima.js'

/** Settings of Pass@k Training by bootstrap. */
export interface PassAtKBootstrapOptions {
  readonly k: number
  /** Root of the streams that draw subsets; with the id of the samples it fixes them. */
  readonly seed: number
  /** Subsets per prompt, G (default: as many as samples, as published). */
  readonly subsets?: number | undefined
  /** Divide by the deviation of the subsets' rewards as published (default). */
  readonly normalise?: boolean | undefined
}

/**
 * Pass@k Training by bootstrap (Chen et al. 2025, https://arxiv.org/abs/2508.10751, form b, Eq. 6): G random k-subsets
 * of the n samples; a sample's advantage is the sum over its subsets of (best − mean over subsets)/σ.
 *
 * Without σ, and times n/G instead, the expected step, over subsets too, is (1 − 1/G)·(1 − k/n) of the gradient of
 * pass@k: the mean over subsets holds the subset itself, and k/n of every other. For k = n it is zero. σ then weights
 * prompts by their difficulty. The limit for many subsets is `passAtKTrainingAdvantages`, the analytic form.
 *
 * @returns a rule for at least max(2, k) samples with rewards of 0 and 1
 * @throws PosttrainError `invalid-argument` for a k that is not a positive integer or fewer than 2 subsets
 * @example
 * ```ts
 * const rule = passAtKBootstrapAdvantages({ k: 2, seed: 1, subsets: 4, normalise: false })
 * rule.bias(8) // => { kind: 'scaled', factor: 0.5625 }
 * ```
 */
export function passAtKBootstrapAdvantages(options: PassAtKBootstrapOptions): AdvantageEstimator {
  const { k, seed, subsets, normalise = true } = options
  requireInteger('k', k, { min: 1 })
  requireInteger('seed', seed)
  if (subsets !== undefined) requireInteger('subsets', subsets, { min: 2 })
  const name = `pass@${k} bootstrap${normalise ? '' : ' without σ'}`
  const minimumSamples = Math.max(2, k)
  return {
    name,
    target: `pass@${k}`,
    minimumSamples,
    needs: [],
    bias: (n) =>
      normalise
        ? { kind: 'direction-changing', reason: "prompts are weighted by the inverse of their subsets' deviation" }
        : { kind: 'scaled', factor: (1 - 1 / (subsets ?? n)) * (1 - k / n) },
    advantages: (groups) =>
      groups.map((group) => {
        const n = group.outcomes.length
        requireEnoughSamples(name, minimumSamples, n)
        const stream = streamOf(seed, group)
        const drawn = Array.from({ length: subsets ?? n }, () => randomSubset(n, k, stream))
        return { advantages: creditSubsetMaxima(binaryRewards(name, group.outcomes), drawn, normalise) }
      }),
  }
}

/**
 * Samples of another step have another id, so a prompt's subsets differ from step to step and are the same in a rerun.
 */
const streamOf = (seed: number, { task, samples }: AdvantageInput): RandomStream =>
  createStream(seed, 'pass@k bootstrap', samples[0]?.id ?? task.id)

/** k of 0 … n−1, all k-subsets being as likely: the first k steps of Fisher and Yates. */
function randomSubset(n: number, k: number, stream: RandomStream): number[] {
  const indices = Array.from({ length: n }, (_, i) => i)
  for (let i = 0; i < k; i++) {
    const j = i + stream.integer(n - i)
    const held = indices[i]!
    indices[i] = indices[j]!
    indices[j] = held
  }
  return indices.slice(0, k)
}
