import { requireLength } from '@posttrain/core'
import type { Distribution } from '../distribution.js'
import { exponentialExcess } from '../numerics.js'
import { sumOverEntries, type Entry } from './divergence.js'

/**
 * p·log(p/q) − p + q: what an outcome adds to KL(p‖q).
 *
 * The extra terms add up to 0 and make every outcome's part at least 0, so that nothing cancels: the sum is exactly 0
 * for p = q, never negative, and right in all digits where p and q nearly agree.
 */
export function klTerm({ p, q, d }: Pick<Entry, 'p' | 'q' | 'd'>): number {
  if (d === -Infinity) return Infinity
  if (p === 0) return q
  return Math.abs(d) > 30 ? q - p - p * d : p * exponentialExcess(d)
}

/**
 * The Kullback–Leibler divergence KL(p‖q) = Σ p·log(p/q).
 *
 * With p the policy and q the reference this is the reverse KL of the RLHF literature, what a KL penalty penalises.
 * With the arguments exchanged it is the forward KL.
 *
 * @param p for instance the policy
 * @param q for instance the reference
 * @returns in nats; ∞ if p gives anything to an outcome that is impossible under q
 * @throws PosttrainError `invalid-argument` for different lengths
 * @example
 * ```ts
 * klDivergence(fromProbabilities([1, 0]), fromProbabilities([0.5, 0.5])) // => 0.6931471805599453
 * klDivergence(fromProbabilities([0.5, 0.5]), fromProbabilities([1, 0])) // => Infinity
 * ```
 */
export const klDivergence = (p: Distribution, q: Distribution): number => sumOverEntries(p, q, klTerm)

/**
 * ∂KL(p‖q)/∂logits of p = p·(log(p/q) − KL(p‖q)): the gradient of the reverse KL for a softmax policy p.
 *
 * @param p the policy
 * @param q the reference
 * @returns (outcomes); 0 where p is 0
 * @throws PosttrainError `invalid-argument` for different lengths
 * @example
 * ```ts
 * reverseKlGradient(fromProbabilities([0.5, 0.5]), fromProbabilities([0.5, 0.5])) // => new Float64Array([0, 0])
 * ```
 */
export function reverseKlGradient(p: Distribution, q: Distribution): Float64Array {
  const kl = klDivergence(p, q)
  return p.probabilities.map((probability, i) =>
    probability === 0 ? 0 : probability * (p.logprobs[i]! - q.logprobs[i]! - kl),
  )
}

/**
 * ∂KL(q‖p)/∂logits of p = p − q: the gradient of the forward KL for a softmax policy p.
 *
 * @param p the policy
 * @param q the reference
 * @returns (outcomes)
 * @throws PosttrainError `invalid-argument` for different lengths
 * @example
 * ```ts
 * const [policy, reference] = [[0.75, 0.25], [0.5, 0.5]].map((p) => fromProbabilities(p))
 * forwardKlGradient(policy!, reference!) // => new Float64Array([0.25, -0.25])
 * ```
 */
export function forwardKlGradient(p: Distribution, q: Distribution): Float64Array {
  requireLength('q', q.probabilities, p.probabilities.length)
  return p.probabilities.map((probability, i) => probability - q.probabilities[i]!)
}
