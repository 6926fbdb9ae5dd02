import { requireInteger } from '@posttrain/core'

/**
 * The k at which a curve over k is looked at: 1, 2, 4 … up to the samples there are.
 *
 * @param samples at least 1
 * @example
 * ```ts
 * curveSizes(10) // => [1, 2, 4, 8]
 * ```
 */
export function curveSizes(samples: number): readonly number[] {
  requireInteger('samples', samples, { min: 1 })
  const sizes: number[] = []
  for (let k = 1; k <= samples; k *= 2) sizes.push(k)
  return sizes
}
