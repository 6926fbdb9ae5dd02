import { sum } from '@posttrain/core'
import { meanReward, requirePatterns } from './require-patterns.js'

/** What the theorems say of training that starts here; patterns are indices. */
export type Regime = {
  /** The pattern of largest reward among those the policy has. */
  readonly best: number
  /** Mean reward of the policy. */
  readonly accuracy: number
} & (
  | {
      /** Every other pattern is worth less than the policy: the best one grows at once, to 1 − ε in O(1/ε). */
      readonly kind: 'fast'
    }
  | {
      /** One other pattern, the rival, is worth more than the policy: it grows first, and the best one waits. */
      readonly kind: 'slow'
      readonly rival: number
      /** Σ_{r ≠ rival} π(r)/π(best): the wait grows faster than exponentially in it. */
      readonly gamma: number
    }
  | {
      /** Neither theorem speaks: several rivals, two best patterns, or one worth just what the policy is. */
      readonly kind: 'open'
      readonly reason: 'several-rivals' | 'several-best' | 'at-the-mean'
    }
)

/**
 * Whether reinforcement learning finds the best pattern at once, or after a detour.
 *
 * With ACC = Σ_r π(r)·R(r) and the best pattern r*: `fast` if ACC > R(r) for every r ≠ r*; `slow` if R(r') > ACC > R(r)
 * for one r' and all other r ≠ r*, with γ = Σ_{r ≠ r'} π(r)/π(r*). A policy of one pattern alone is `fast`: it is
 * there. Patterns that the policy lacks do not count: no gradient finds them.
 *
 * Chen, Li & Zou 2025, theorems 5.3 and 5.4, https://arxiv.org/abs/2506.04695. Supervised training on the best pattern
 * lowers γ.
 *
 * @param shares (patterns): π, adding up to 1
 * @param rewards (patterns): R, for instance the success rate of each
 * @throws PosttrainError `invalid-argument` for what are no shares, or another number of rewards
 * @example
 * ```ts
 * regimeOf([0.5, 0.3, 0.2], [0.9, 0.4, 0.3]).kind // => 'fast'
 * const slow = regimeOf([0.05, 0.7, 0.25], [0.9, 0.6, 0.1])
 * slow.kind === 'slow' && slow.gamma.toFixed(3) // => '6.000'
 * ```
 */
export function regimeOf(shares: ArrayLike<number>, rewards: ArrayLike<number>): Regime {
  requirePatterns('shares', shares, rewards)
  const present = Array.from(shares, (_, r) => r).filter((r) => shares[r]! > 0)
  const accuracy = meanReward(shares, rewards)
  const best = present.reduce((a, b) => (rewards[b]! > rewards[a]! ? b : a))
  const others = present.filter((r) => r !== best)
  const open = (reason: 'several-rivals' | 'several-best' | 'at-the-mean'): Regime => ({
    kind: 'open',
    reason,
    best,
    accuracy,
  })
  if (others.some((r) => rewards[r] === rewards[best])) return open('several-best')
  if (others.some((r) => rewards[r] === accuracy)) return open('at-the-mean')
  const [rival, ...more] = others.filter((r) => rewards[r]! > accuracy)
  if (rival === undefined) return { kind: 'fast', best, accuracy }
  if (more.length > 0) return open('several-rivals')
  const gamma = sum(present.filter((r) => r !== rival).map((r) => shares[r]!)) / shares[best]!
  return { kind: 'slow', best, accuracy, rival, gamma }
}
