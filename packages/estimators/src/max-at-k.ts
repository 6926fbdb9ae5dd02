import { requireEnoughSamples, requireFiniteArray, requireInteger } from '@posttrain/core'

/**
 * For each rank r = 0 … n − 1 in ascending order, the probability that the best of a random k-subset has it:
 * C(r, k−1) / C(n, k), from the top down by the ratio of neighbours.
 *
 * @returns (n)
 */
export function bestRankWeights(n: number, k: number): Float64Array {
  const weights = new Float64Array(n)
  let weight = k / n
  for (let rank = n - 1; rank >= k - 1; rank--) {
    weights[rank] = weight
    weight *= (rank - k + 1) / rank
  }
  return weights
}

/**
 * The unbiased estimate of max@k, the expected best reward of k samples.
 *
 * max@k = Σᵢ C(i−1, k−1)/C(n, k) · g₍ᵢ₎ over the rewards in ascending order: the mean of the maximum over all k-subsets
 * (Walder & Karkhanis 2025, https://arxiv.org/abs/2505.15201). On rewards of 0 and 1 it is pass@k.
 *
 * @param rewards (samples) of one task: any finite numbers, in any order, ties allowed
 * @param k samples the deployed procedure draws
 * @returns in the unit of the rewards
 * @throws PosttrainError `invalid-argument` for k > n or a reward that is not finite
 * @example
 * ```ts
 * maxAtK([1, 0, 3, 2], 2) // => 2.333333333333333
 * ```
 */
export function maxAtK(rewards: ArrayLike<number>, k: number): number {
  requireInteger('k', k, { min: 1 })
  requireFiniteArray('rewards', rewards)
  requireEnoughSamples(`max@${k}`, k, rewards.length)
  const sorted = Float64Array.from(rewards).sort()
  const weights = bestRankWeights(sorted.length, k)
  let total = 0
  for (let rank = k - 1; rank < sorted.length; rank++) total += weights[rank]! * sorted[rank]!
  return total
}
