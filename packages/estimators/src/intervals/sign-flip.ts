import { requireInteger } from '@posttrain/core'
import { clusterSums } from './moments.js'
import type { Clusters } from './moments.js'
import { fillWords, resamplingState } from './resample.js'

/** Options of the sign-flip test. */
export interface SignFlipOptions {
  /** Default 10,000. */
  readonly resamples?: number
  /** Default 0. */
  readonly seed?: number
  /** Cluster of each task; the tasks of one cluster flip together. */
  readonly clusters?: Clusters
}

/**
 * Two-sided p-value of paired differences under the hypothesis that each is as likely to have the other sign.
 *
 * Exact over all 2ᵐ signs of the m non-zero differences where these are no more than `resamples`; otherwise Monte Carlo,
 * (1 + as extreme)/(1 + resamples), which is never 0 and keeps its level (Phipson & Smyth 2010,
 * https://doi.org/10.2202/1544-6115.1585).
 *
 * @param differences one per task, at least two
 * @throws PosttrainError `invalid-argument` for fewer than two tasks, or values that are not finite
 * @example
 * ```ts
 * signFlipTest([1, 1, 1, 1, 1, 0]) // => 0.0625
 * ```
 */
export function signFlipTest(differences: ArrayLike<number>, options: SignFlipOptions = {}): number {
  const { resamples = 10_000, seed = 0, clusters } = options
  requireInteger('resamples', resamples, { min: 100 })
  const { sums } = clusterSums(differences, clusters)
  const sizes = sums.map(Math.abs).filter((size) => size > 0)
  const m = sizes.length
  if (m === 0) return 1
  const observed = Math.abs(sums.reduce((a, b) => a + b, 0))
  // Sums in another order round differently; what equals the observed one up to that is as extreme.
  const threshold = observed - 1e-12 * sizes.reduce((a, b) => a + b, 0)
  const exact = m <= 30 && 2 ** m <= resamples
  const state = resamplingState(seed, 'sign-flip')
  const words = new Uint32Array(Math.ceil(m / 32))
  const draws = exact ? 2 ** m : resamples
  let extreme = 0
  for (let draw = 0; draw < draws; draw++) {
    if (exact) words[0] = draw
    else fillWords(state, words)
    let sum = 0
    for (let i = 0; i < m; i++) sum += (words[i >>> 5]! >>> (i & 31)) & 1 ? sizes[i]! : -sizes[i]!
    if (Math.abs(sum) >= threshold) extreme++
  }
  return exact ? extreme / draws : (1 + extreme) / (1 + draws)
}
