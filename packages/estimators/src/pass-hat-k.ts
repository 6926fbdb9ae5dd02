import { MOST_FACTORS, requireCounts } from './counts.js'
import { logNoneDrawn } from './special/log-none-drawn.js'

/**
 * The unbiased estimate of pass^k, the probability that all of k samples are correct.
 *
 * pass^k = C(c, k) / C(n, k), unbiased for pᵏ (Yao et al. 2024, τ-bench, https://arxiv.org/abs/2406.12045).
 *
 * @param n samples drawn
 * @param c how many of them are correct
 * @param k samples that must all succeed
 * @returns a probability, to a relative error below 1e-12 for every n up to 2⁵³ − 1, in constant time
 * @throws PosttrainError `invalid-argument` for k > n, c > n and anything that is not a count
 * @example
 * ```ts
 * passHatK(4, 3, 2) // => 0.5
 * ```
 */
export function passHatK(n: number, c: number, k: number): number {
  requireCounts('pass^', n, c, k)
  if (k > c) return 0
  // None of the n−c wrong samples is among the k drawn. Symmetric in the two, so the shorter product will do.
  const draws = Math.min(k, n - c)
  const avoided = Math.max(k, n - c)
  if (draws > MOST_FACTORS) return Math.exp(logNoneDrawn(n, avoided, draws))
  let probability = 1
  for (let j = 0; j < draws; j++) probability *= (n - avoided - j) / (n - j)
  return probability
}
