import { MOST_FACTORS, requireCounts } from './counts.js'
import { logNoneDrawn } from './special/log-none-drawn.js'

/**
 * The unbiased estimate of pass@k, the probability that at least one of k samples is correct.
 *
 * pass@k = 1 − C(n−c, k) / C(n, k): the share of the k-subsets of the n observed samples that hold a correct one
 * (Chen et al. 2021, https://arxiv.org/abs/2107.03374, section 2.1). No unbiased estimate exists for k > n.
 *
 * @param n samples drawn
 * @param c how many of them are correct
 * @param k samples the deployed procedure draws
 * @returns a probability, to a relative error below 1e-13 for every n up to 2⁵³ − 1, in constant time
 * @throws PosttrainError `invalid-argument` for k > n, c > n and anything that is not a count
 * @example
 * ```ts
 * passAtK(10, 3, 5) // => 0.916667
 * ```
 */
export function passAtK(n: number, c: number, k: number): number {
  requireCounts('pass@', n, c, k)
  // C(n−c, k)/C(n, k) is symmetric in c and k, so the shorter product will do.
  const draws = Math.min(c, k)
  const marked = Math.max(c, k)
  if (draws > n - marked) return 1 // fewer wrong samples than k
  if (draws > MOST_FACTORS) return -Math.expm1(logNoneDrawn(n, marked, draws))
  // Draw one by one: hit ← hit + (1 − hit)·P(this draw is marked | none before). All terms are positive, so nothing
  // cancels, as it would in 1 − Π.
  let hit = 0
  for (let j = 0; j < draws; j++) hit += (1 - hit) * (marked / (n - j))
  return hit
}
