import { requireFinite } from '@posttrain/core'
import { exponentialExcess } from '../numerics.js'
import type { KlValue } from './kl-value.js'

/**
 * The value k1 + α·(r − 1) with r = ref(y)/π(y).
 *
 * r − 1 has mean 0 over y ∼ π, so every α is unbiased: α = 0 is k1 and α = 1 is k3. `bestControlCoefficient` gives the
 * α of least variance.
 *
 * @param alpha any finite number
 * @returns an unbiased value
 * @throws PosttrainError `invalid-argument` for an α that is not finite
 * @example
 * ```ts
 * controlVariate(1).of(0.5) // => 0.10653065971263342
 * ```
 */
export function controlVariate(alpha: number): KlValue {
  requireFinite('alpha', alpha)
  return {
    name: `k1 with control variate ${alpha}`,
    of: (l) => (1 - alpha) * l + alpha * exponentialExcess(-l),
    slope: (l) => 1 - alpha - alpha * Math.expm1(-l),
    expectation: 'KL(π‖ref), less α times what ref gives to outcomes impossible under π',
    unbiased: true,
    nonNegative: alpha === 1,
  }
}
