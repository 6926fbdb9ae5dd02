import { requireInteger, sum } from '@posttrain/core'
import { clusterSums } from './moments.js'
import type { Clusters, Weights } from './moments.js'
import { extremeOfAll, extremeOfDrawn } from './random-signs.js'
import { signTest } from './sign-test.js'

/** Options of the sign-flip test. */
export interface SignFlipOptions {
  /** Number of random signs, at least 100 (default 10,000). */
  readonly resamples?: number | undefined
  /** Default 0. */
  readonly seed?: number | undefined
  /** (tasks): the cluster of each; the tasks of one cluster flip together. */
  readonly clusters?: Clusters | undefined
  /** (tasks): how much each counts (default: all alike). */
  readonly weights?: Weights | undefined
}

/** What a sign-flip test found. */
export interface SignFlipResult {
  /** Two-sided, on (0, 1]. */
  readonly pValue: number
  /** By `monte-carlo` the p-value is a bound, (1 + as extreme)/(1 + resamples): to be written `p ≤ …`. */
  readonly method: 'exact' | 'monte-carlo'
}

/**
 * Two-sided p-value of paired differences under the hypothesis that each is as likely to have the other sign.
 *
 * It is exact, a binomial tail, where all m non-zero differences are of one size, as those of verdicts are (this is
 * McNemar's exact test), and counted over all 2ᵐ signs where these are no more than `resamples`. Otherwise it is Monte
 * Carlo, (1 + as extreme)/(1 + resamples), which is never 0 and keeps its level (Phipson & Smyth 2010,
 * https://doi.org/10.2202/1544-6115.1585).
 *
 * @param differences (tasks), at least two
 * @throws PosttrainError `invalid-argument` for fewer than two tasks, or values that are not finite
 * @example
 * ```ts
 * signFlipTest([1, 1, 1, 1, 1, 0]) // => { pValue: 0.0625, method: 'exact' }
 * ```
 */
export function signFlipTest(differences: ArrayLike<number>, options: SignFlipOptions = {}): SignFlipResult {
  const { resamples = 10_000, seed = 0, clusters, weights } = options
  requireInteger('resamples', resamples, { min: 100 })
  const { sums } = clusterSums(differences, clusters, weights)
  const sizes = sums
    .map(Math.abs)
    .filter((size) => size > 0)
    .sort()
  const m = sizes.length
  // Sums in another order round differently; what is equal up to that is equal.
  const rounding = 1e-12
  if (m === 0 || sizes[m - 1]! - sizes[0]! <= rounding * sizes[0]!) {
    const wins = sums.reduce((count, value) => count + Number(value > 0), 0)
    return { pValue: signTest(wins, m - wins), method: 'exact' }
  }
  const threshold = Math.abs(sum(sums)) - rounding * sum(sizes)
  if (m <= 30 && 2 ** m <= resamples) {
    return { pValue: extremeOfAll(sizes, threshold) / 2 ** m, method: 'exact' }
  }
  const extreme = extremeOfDrawn(sizes, threshold, { resamples, seed })
  return { pValue: (1 + extreme) / (1 + resamples), method: 'monte-carlo' }
}
