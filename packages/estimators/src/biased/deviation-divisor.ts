import { mean, sum } from '@posttrain/core'

/** Divisor of the sum of squares: n − 1 as in PyTorch's `std`, or n as in NumPy's. */
export type DeviationKind = 'sample' | 'population'

/** A spread below this share of the largest magnitude, or below this, is no signal: TRL's ε, and the root of verl's. */
const FLOOR = 1e-4

/**
 * What advantages are divided by in place of their values' standard deviation σ: σ itself, and ε²/σ where σ is below
 * ε = 1e-4·max(1, largest |value|).
 *
 * Values that are equal up to rounding have a σ of rounding, and a difference of rounding divided by it is a signal of
 * full size. Implementations add an ε: TRL's GRPO 1e-4, verl's 1e-6, verl's whitening √(σ² + 1e-8). Here a spread of at
 * least ε is divided by σ to the last digit, as papers write it; below ε what is divided falls to 0 with σ, and to
 * exactly 0 where all values agree.
 *
 * @param values (samples or tokens): finite
 * @returns at least ε where σ is below it; Infinity for equal values
 * @example
 * ```ts
 * deviationDivisor([1, 0], 'population') // => 0.5
 * deviationDivisor([0.1 + 0.2, 0.3], 'population') > 1e8 // => true
 * ```
 */
export function deviationDivisor(values: ArrayLike<number>, kind: DeviationKind): number {
  const average = mean(values)
  const squares = Float64Array.from(values, (value) => (value - average) ** 2)
  const sigma = Math.sqrt(sum(squares) / (kind === 'sample' ? values.length - 1 : values.length))
  let largest = 1
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!))
  const epsilon = FLOOR * largest
  return sigma < epsilon ? epsilon ** 2 / sigma : sigma
}
