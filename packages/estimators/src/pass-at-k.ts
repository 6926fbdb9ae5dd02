import { requireCounts } from './counts.js'

/**
 * The unbiased estimate of pass@k, the probability that at least one of k samples is correct.
 *
 * pass@k = 1 − C(n−c, k) / C(n, k): the share of the k-subsets of the n observed samples that hold a correct one
 * (Chen et al. 2021, https://arxiv.org/abs/2107.03374, section 2.1). No unbiased estimate exists for k > n.
 *
 * @param n samples drawn
 * @param c how many of them are correct
 * @param k samples the deployed procedure draws
 * @returns a probability, to a relative error below 1e-12 for n ≤ 2,000 and 1e-9 for n ≤ 10⁹
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
  // Draw one by one: hit ← hit + (1 − hit)·P(this draw is marked | none before). All terms are positive, so nothing
  // cancels, as it would in 1 − Π; what is left to add is 0 once every digit is settled, after O(√n) steps.
  let hit = 0
  for (let j = 0; j < draws && hit < 1; j++) {
    const chance = marked / (n - j)
    hit += (1 - hit) * chance
  }
  return hit
}
