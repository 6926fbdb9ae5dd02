import type { Distribution } from '../distribution.js'
import { sumOverEntries } from './divergence.js'
import { klTerm } from './kl-divergence.js'

/**
 * The Jeffreys divergence KL(p‖q) + KL(q‖p) = Σ (p − q)·log(p/q).
 *
 * @param p for instance the policy
 * @param q for instance the reference
 * @returns in nats; ∞ unless p and q have the same support
 * @throws PosttrainError `invalid-argument` for different lengths
 * @example
 * ```ts
 * jeffreysDivergence(fromProbabilities([0.5, 0.5]), fromProbabilities([0.2, 0.8])) // => 0.4158883083359672
 * ```
 */
export const jeffreysDivergence = (p: Distribution, q: Distribution): number =>
  sumOverEntries(p, q, ({ p, q, d }) => {
    if (!Number.isFinite(d)) return Infinity
    if (Math.abs(d) > 1) return (q - p) * d
    return d > 0 ? -q * Math.expm1(-d) * d : p * Math.expm1(d) * d
  })

/**
 * The Jensen–Shannon divergence ½·KL(p‖m) + ½·KL(q‖m), m = (p + q)/2 (Lin 1991, https://doi.org/10.1109/18.61115).
 *
 * It is finite whatever the supports, and its square root is a metric.
 *
 * @param p for instance the policy
 * @param q for instance the reference
 * @returns in nats, at most log 2
 * @throws PosttrainError `invalid-argument` for different lengths
 * @example
 * ```ts
 * jensenShannonDivergence(fromProbabilities([1, 0]), fromProbabilities([0, 1])) // => 0.6931471805599453
 * ```
 */
export const jensenShannonDivergence = (p: Distribution, q: Distribution): number =>
  sumOverEntries(p, q, ({ p, q, d }) => {
    const m = (p + q) / 2
    // log m − log p = log((1 + eᵈ)/2), written for small d; the same with −d for q
    const toMiddle = (d: number): number => (d > 0 ? d : 0) + Math.log1p(Math.expm1(-Math.abs(d)) / 2)
    return (klTerm({ p, q: m, d: toMiddle(d) }) + klTerm({ p: q, q: m, d: toMiddle(-d) })) / 2
  })
