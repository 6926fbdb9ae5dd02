import type { Distribution } from '../distribution.js'
import { sumOverEntries } from './divergence.js'

/**
 * The total variation distance ½·Σ|p − q|: the largest difference in the probability of any event.
 *
 * @param p for instance the policy
 * @param q for instance the reference
 * @returns from 0 to 1
 * @throws PosttrainError `invalid-argument` for different lengths
 * @example
 * ```ts
 * totalVariation(fromProbabilities([0.5, 0.5]), fromProbabilities([0.25, 0.75])) // => 0.25
 * ```
 */
export const totalVariation = (p: Distribution, q: Distribution): number =>
  sumOverEntries(p, q, ({ p, q }) => Math.abs(p - q) / 2)

/**
 * The squared Hellinger distance ½·Σ(√p − √q)² = 1 − Σ√(pq). Its square root is the Hellinger distance, a metric.
 *
 * @param p for instance the policy
 * @param q for instance the reference
 * @returns from 0 to 1
 * @throws PosttrainError `invalid-argument` for different lengths
 * @example
 * ```ts
 * squaredHellinger(fromProbabilities([1, 0]), fromProbabilities([0, 1])) // => 1
 * ```
 */
export const squaredHellinger = (p: Distribution, q: Distribution): number =>
  sumOverEntries(p, q, ({ p, q, d }) => (Math.max(p, q) * Math.expm1(-Math.abs(d) / 2) ** 2) / 2)

/**
 * The (Pearson) χ² divergence Σ (p − q)²/q: the variance of the importance ratio p/q under q.
 *
 * @param p for instance the policy
 * @param q for instance the reference
 * @returns ∞ if p gives anything to an outcome that is impossible under q, or where it exceeds the largest double
 * @throws PosttrainError `invalid-argument` for different lengths
 * @example
 * ```ts
 * chiSquaredDivergence(fromProbabilities([0.75, 0.25]), fromProbabilities([0.5, 0.5])) // => 0.25
 * ```
 */
export const chiSquaredDivergence = (p: Distribution, q: Distribution): number =>
  sumOverEntries(p, q, ({ logP, logQ, q, d }) => {
    if (d >= 0) return q * Math.expm1(-d) ** 2
    return Math.exp(2 * logP - logQ) * Math.expm1(d) ** 2
  })
