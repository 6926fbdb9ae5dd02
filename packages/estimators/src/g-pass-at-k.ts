import { requireFinite, requireInteger, sum } from '@posttrain/core'
import { requireCounts } from './counts.js'

/** Terms of a sum over the number of correct ones among k. */
const MOST_DRAWS = 1_000_000

/**
 * Entry j: the probability that j of k samples drawn without replacement are among the c correct of n. From the most
 * likely j outwards by the ratio of neighbours, so that nothing overflows.
 */
export function correctAmongDrawn(n: number, c: number, k: number): Float64Array {
  const least = Math.max(0, k - (n - c))
  const most = Math.min(c, k)
  const weights = new Float64Array(k + 1)
  const mode = Math.min(most, Math.max(least, Math.floor(((k + 1) * (c + 1)) / (n + 2))))
  weights[mode] = 1
  for (let j = mode; j < most; j++)
    weights[j + 1] = (((weights[j]! * (c - j)) / (j + 1)) * (k - j)) / (n - c - k + j + 1)
  for (let j = mode; j > least; j--)
    weights[j - 1] = (((weights[j]! * j) / (c - j + 1)) * (n - c - k + j)) / (k - j + 1)
  const total = sum(weights)
  return weights.map((weight) => weight / total)
}

/**
 * The unbiased estimate of G-Pass@k_τ, the probability that at least a share τ of k samples is correct.
 *
 * G-Pass@k_τ = Σ_{j ≥ ⌈τk⌉} C(c, j)·C(n−c, k−j) / C(n, k) (Liu et al. 2024, https://arxiv.org/abs/2412.13147). τ = 1 is
 * pass^k; as τ → 0 at least one must be correct, which is pass@k, and τ = 0 is taken so.
 *
 * @param n samples drawn
 * @param c how many of them are correct
 * @param k samples the deployed procedure draws
 * @param tau share from 0 to 1
 * @returns a probability
 * @throws PosttrainError `invalid-argument` for k > n, k > 10⁶, c > n, τ outside [0, 1]
 * @example
 * ```ts
 * gPassAtK(16, 8, 4, 0.5) // => 0.715385
 * ```
 */
export function gPassAtK(n: number, c: number, k: number, tau: number): number {
  requireCounts('G-Pass@', n, c, k)
  requireInteger('k', k, { max: MOST_DRAWS })
  return sum(correctAmongDrawn(n, c, k).subarray(neededAmong(k, tau)))
}

/** How many of k must be correct so that a share τ is, at least one. */
export function neededAmong(k: number, tau: number): number {
  requireFinite('tau', tau, { min: 0, max: 1 })
  // τ = i/k must ask for i, also where the product rounds up.
  return Math.max(1, Math.ceil(tau * k - 1e-9 * k))
}

/** The numbers of correct ones among k over whose shares mG-Pass@k is a mean. */
export const sharesOfMean = (k: number): readonly number[] =>
  Array.from({ length: Math.floor(k / 2) }, (_, i) => Math.ceil(k / 2) + 1 + i)

/**
 * The unbiased estimate of mG-Pass@k, the mean of G-Pass@k_τ over the shares above one half:
 * (2/k) Σ_{i = ⌈k/2⌉+1}^{k} G-Pass@k_{i/k} (Liu et al. 2024, https://arxiv.org/abs/2412.13147).
 *
 * @param n samples drawn
 * @param c how many of them are correct
 * @param k samples the deployed procedure draws
 * @returns from 0 to 1
 * @throws PosttrainError `invalid-argument` for k > n, k > 10⁶ or c > n
 * @example
 * ```ts
 * meanGPassAtK(16, 8, 4) // => 0.161538
 * ```
 */
export function meanGPassAtK(n: number, c: number, k: number): number {
  requireCounts('mG-Pass@', n, c, k)
  requireInteger('k', k, { max: MOST_DRAWS })
  const weights = correctAmongDrawn(n, c, k)
  let atLeast = 0
  let total = 0
  for (let i = k; i > Math.ceil(k / 2); i--) total += atLeast += weights[i]!
  return (2 / k) * total
}
