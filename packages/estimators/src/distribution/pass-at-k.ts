import { requireFinite, requireInteger } from '@posttrain/core'

/**
 * pass@k of a sampler that is right with known probability p: 1 − (1−p)ᵏ, without cancellation for small p.
 *
 * @param p from 0 to 1
 * @param k samples the deployed procedure draws
 * @returns a probability
 * @throws PosttrainError `invalid-argument` for p outside [0, 1] or a k that is not a positive integer
 * @example
 * ```ts
 * passAtKFromProbability(0.5, 3) // => 0.875
 * ```
 */
export function passAtKFromProbability(p: number, k: number): number {
  requireFinite('p', p, { min: 0, max: 1 })
  requireInteger('k', k, { min: 1 })
  return -Math.expm1(k * Math.log1p(-p))
}
