import { requireFinite, sum } from '@posttrain/core'
import { requirePatterns } from './require-patterns.js'

/**
 * The policy over patterns that training with a KL penalty ends in: π(r) = π_ref(r)·exp(R(r)/β)/Z.
 *
 * For β → 0 all goes to the pattern of the largest reward that the reference has at all; patterns of equal reward keep
 * their proportions. Chen, Li & Zou 2025, proposition 5.2, https://arxiv.org/abs/2506.04695.
 *
 * @param reference (patterns): π_ref, adding up to 1
 * @param rewards (patterns): R, for instance the success rate of each, or its `confidence`
 * @param beta weight of the KL penalty, above 0
 * @returns (patterns), adding up to 1
 * @throws PosttrainError `invalid-argument` for what are no shares, another number of rewards, or β that is not above 0
 * @example
 * ```ts
 * optimalShares([0.05, 0.7, 0.25], [0.9, 0.6, 0.1], 0.1)[0] // => 0.588687
 * ```
 */
export function optimalShares(reference: ArrayLike<number>, rewards: ArrayLike<number>, beta: number): Float64Array {
  requirePatterns('reference', reference, rewards)
  requireFinite('beta', beta, { above: 0 })
  const best = Math.max(...Array.from(rewards).filter((_, r) => reference[r]! > 0))
  // A pattern that the reference lacks may have any reward: 0·∞ is no share.
  const weights = Float64Array.from(reference, (share, r) =>
    share === 0 ? 0 : share * Math.exp((rewards[r]! - best) / beta),
  )
  const total = sum(weights)
  return weights.map((weight) => weight / total)
}
