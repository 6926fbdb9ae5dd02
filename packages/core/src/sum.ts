/**
 * Σ values, compensated for rounding (Neumaier 1974, https://doi.org/10.1002/zamm.19740540106): the error does not grow
 * with the number of terms.
 *
 * @returns 0 for no values
 * @example
 * ```ts
 * sum([1, 1e100, 1, -1e100]) // => 2
 * ```
 */
export function sum(values: ArrayLike<number>): number {
  let total = 0
  let lost = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    const next = total + value
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total
    total = next
  }
  // An infinite term makes `lost` NaN; the plain total is then right.
  return Number.isFinite(total) ? total + lost : total
}
