import { invalidArgument, requireFinite } from '@posttrain/core'
import type { Distribution } from '../distribution.js'
import { exponentialExcess, logSumExp } from '../numerics.js'
import { sumOverEntries, type Divergence, type Entry } from './divergence.js'
import { klDivergence } from './kl-divergence.js'

/** pᵅq¹⁻ᵅ − αp − (1−α)q: adds up to Σpᵅq¹⁻ᵅ − 1 without cancelling where p and q are close. */
function powerTerm({ p, q, logP, logQ, d }: Entry, alpha: number): number {
  // The difference below vanishes for α → 0 as well as α → 1, but only at 1 without cancelling. 0 is 1 with p and q
  // exchanged.
  if (alpha < 0.5) return powerTerm({ p: q, q: p, logP: logQ, logQ: logP, d: -d }, 1 - alpha)
  const farApart = Math.max(1, Math.abs(1 - alpha)) * Math.abs(d) > 30
  if (farApart) return Math.exp(alpha * logP + (1 - alpha) * logQ) - alpha * p - (1 - alpha) * q
  return p * (exponentialExcess((1 - alpha) * d) - (1 - alpha) * exponentialExcess(d))
}

/** Σ pᵅq¹⁻ᵅ − 1 for α other than 0 and 1. */
const powerSumExcess = (p: Distribution, q: Distribution, alpha: number): number =>
  sumOverEntries(p, q, (entry) => powerTerm(entry, alpha))

/** Rounding may take a sum of terms that are 0 to −0, or an ulp below. */
const atLeastZero = (value: number): number => Math.max(0, value)

/**
 * The α-divergence (Σ pᵅq¹⁻ᵅ − 1)/(α(α − 1)) of Cressie and Read.
 *
 * It is KL(p‖q) at α = 1, KL(q‖p) at α = 0, half the χ² at α = 2 and four times the squared Hellinger distance at α =
 * ½.
 *
 * @param alpha any real number
 * @returns a divergence, in nats at α = 0 and 1
 * @throws PosttrainError `invalid-argument` for an α that is not finite
 * @example
 * ```ts
 * alphaDivergence(2)(fromProbabilities([0.75, 0.25]), fromProbabilities([0.5, 0.5])) // => 0.125
 * ```
 */
export function alphaDivergence(alpha: number): Divergence {
  requireFinite('alpha', alpha)
  if (alpha === 1) return klDivergence
  if (alpha === 0) return (p, q) => klDivergence(q, p)
  return (p, q) => atLeastZero(powerSumExcess(p, q, alpha) / (alpha * (alpha - 1)))
}

/**
 * The Rényi divergence log(Σ pᵅq¹⁻ᵅ)/(α − 1) of order α (van Erven & Harremoës 2014, https://arxiv.org/abs/1206.2459).
 *
 * It is KL(p‖q) at α = 1, −log q(support of p) at α = 0 and log max p/q at α = ∞, and grows with α.
 *
 * @param alpha order, at least 0; Infinity is allowed
 * @returns a divergence, in nats
 * @throws PosttrainError `invalid-argument` for a negative order
 * @example
 * ```ts
 * renyiDivergence(Infinity)(fromProbabilities([0.75, 0.25]), fromProbabilities([0.5, 0.5])) // => 0.4054651081081644
 * ```
 */
export function renyiDivergence(alpha: number): Divergence {
  if (!(alpha >= 0)) throw invalidArgument(`alpha must be at least 0, but is ${alpha}`)
  if (alpha === 1) return klDivergence
  if (alpha === 0)
    return (p, q) => atLeastZero(-Math.log(sumOverEntries(p, q, ({ q, logP }) => (logP === -Infinity ? 0 : q))))
  if (alpha === Infinity) {
    return (p, q) => {
      let largest = 0
      sumOverEntries(p, q, ({ d }) => (largest = Math.max(largest, -d)))
      return largest
    }
  }
  return (p, q) => {
    const excess = powerSumExcess(p, q, alpha)
    if (Math.abs(excess) < 0.5) return atLeastZero(Math.log1p(excess) / (alpha - 1))
    const logs: number[] = []
    sumOverEntries(p, q, ({ logP, logQ }) => logs.push(alpha * logP + (1 - alpha) * logQ))
    return logSumExp(logs) / (alpha - 1)
  }
}
