import { requireFinite } from '@posttrain/core'

/**
 * Where a reward lies among those of a policy. Outcomes of equal reward, which best-of-n cannot tell apart, are a
 * level.
 */
export interface RewardLevel {
  /** F = P(r < this one). */
  readonly below: number
  /** E = P(r = this one); 0 stands for rewards without ties. */
  readonly mass: number
}

/**
 * log(π_bon/p) = log[((F + E)ⁿ − Fⁿ)/E]: how much likelier best-of-n makes an answer of this reward (Amini et al. 2024,
 * https://arxiv.org/abs/2407.06057). For E → 0, rewards without ties, it is log n + (n−1)·log F.
 *
 * @param level F and E
 * @param n samples best-of-n chooses from; at least 1, need not be whole
 * @returns in nats; −∞ for F = E = 0 and n > 1
 * @throws PosttrainError `invalid-argument` for probabilities that are none, or an n below 1
 * @example
 * ```ts
 * logBestOfNTilt({ below: 0.5, mass: 0.5 }, 2) // => 0.405465
 * ```
 */
export function logBestOfNTilt({ below, mass }: RewardLevel, n: number): number {
  requireFinite('below', below, { min: 0, max: 1 })
  requireFinite('mass', mass, { min: 0, max: 1 })
  requireFinite('n', n, { min: 1 })
  if (mass === 0) return n === 1 ? 0 : Math.log(n) + (n - 1) * Math.log(below)
  const upTo = Math.min(1, below + mass)
  // 1 − (F/(F + E))ⁿ, in all digits also where E is small
  const share = below === 0 ? 1 : -Math.expm1(n * Math.log1p(-mass / (below + mass)))
  return n * Math.log(upTo) + Math.log(share) - Math.log(mass)
}
