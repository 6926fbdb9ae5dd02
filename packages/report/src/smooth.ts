import { requireFiniteArray, requireInteger } from '@posttrain/core'

/**
 * Centred moving average: each value becomes the mean of itself and up to `radius` neighbours on each side. At the ends
 * the window is cut, so the first and last averages lean inwards.
 *
 * @param values any finite numbers
 * @param radius neighbours on each side; 0 returns the values
 * @throws PosttrainError `invalid-argument`
 * @example
 * ```ts
 * smooth([0, 3, 0, 3], 1) // => [1.5, 1, 2, 1.5]
 * ```
 */
export function smooth(values: readonly number[], radius: number): readonly number[] {
  requireFiniteArray('values', values)
  requireInteger('radius', radius, { min: 0 })
  return values.map((_, i) => {
    const window = values.slice(Math.max(0, i - radius), i + radius + 1)
    return window.reduce((sum, value) => sum + value, 0) / window.length
  })
}
