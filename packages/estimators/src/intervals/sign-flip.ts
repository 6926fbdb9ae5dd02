import { requireInteger, sum } from '@posttrain/core'
import { clusterSums } from './moments.js'
import type { Clusters } from './moments.js'
import { fillWords, resamplingState } from './resample.js'

/** Options of the sign-flip test. */
export interface SignFlipOptions {
  /** Number of random signs, at least 100 (default 10,000). */
  readonly resamples?: number | undefined
  /** Default 0. */
  readonly seed?: number | undefined
  /** (tasks): the cluster of each; the tasks of one cluster flip together. */
  readonly clusters?: Clusters | undefined
}

/**
 * Two-sided p-value of paired differences under the hypothesis that each is as likely to have the other sign.
 *
 * It is exact over all 2ᵐ signs of the m non-zero differences where these are no more than `resamples`. Otherwise it is
 * Monte Carlo, (1 + as extreme)/(1 + resamples), which is never 0 and keeps its level (Phipson & Smyth 2010,
 * https://doi.org/10.2202/1544-6115.1585).
 *
 * @param differences (tasks), at least two
 * @returns on (0, 1]
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
  // Sums in another order round differently; what equals the observed one up to that is as extreme.
  const threshold = Math.abs(sum(sums)) - 1e-12 * sum(sizes)
  const exact = m <= 30 && 2 ** m <= resamples
  const state = resamplingState(seed, 'sign-flip')
  const words = new Uint32Array(Math.ceil(m / 32))
  const draws = exact ? 2 ** m : resamples
  let extreme = 0
  for (let draw = 0; draw < draws; draw++) {
    if (exact) words[0] = draw
    else fillWords(state, words)
    let total = 0
    for (let i = 0; i < m; i++) total += (words[i >>> 5]! >>> (i & 31)) & 1 ? sizes[i]! : -sizes[i]!
    if (Math.abs(total) >= threshold) extreme++
  }
  return exact ? extreme / draws : (1 + extreme) / (1 + draws)
}
