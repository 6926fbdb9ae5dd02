import { sum } from './sum.js'

/**
 * The arithmetic mean, compensated for rounding; exactly the common value where all values agree.
 *
 * @returns NaN for no values
 * @example
 * ```ts
 * mean([0.1, 0.1, 0.1]) // => 0.1
 * ```
 */
export function mean(values: ArrayLike<number>): number {
  const first = values[0]
  if (first === undefined) return NaN
  return first + sum(Float64Array.from(values, (value) => value - first)) / values.length
}
