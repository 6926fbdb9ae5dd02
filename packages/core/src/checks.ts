import { invalidArgument } from './errors.js'

/** Bounds of a number, both inclusive. */
export interface Bounds {
  readonly min?: number
  readonly max?: number
}

const describeBounds = ({ min, max }: Bounds): string => {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`
  if (min !== undefined) return ` of at least ${min}`
  if (max !== undefined) return ` of at most ${max}`
  return ''
}

const within = (value: number, { min = -Infinity, max = Infinity }: Bounds): boolean => value >= min && value <= max

/**
 * Requires a safe integer within bounds and returns it.
 *
 * @throws PosttrainError `invalid-argument`, naming the argument and its value.
 * @example
 * ```ts
 * requireInteger('k', 8, { min: 1 }) // => 8
 * ```
 */
export function requireInteger(name: string, value: number, bounds: Bounds = {}): number {
  if (!Number.isSafeInteger(value) || !within(value, bounds)) {
    throw invalidArgument(`${name} must be an integer${describeBounds(bounds)}, but is ${value}`)
  }
  return value
}

/**
 * Requires a finite number within bounds and returns it.
 *
 * @throws PosttrainError `invalid-argument`, naming the argument and its value.
 */
export function requireFinite(name: string, value: number, bounds: Bounds = {}): number {
  if (!Number.isFinite(value) || !within(value, bounds)) {
    throw invalidArgument(`${name} must be a finite number${describeBounds(bounds)}, but is ${value}`)
  }
  return value
}

/**
 * Requires that every entry is a finite number.
 *
 * @throws PosttrainError `invalid-argument`, naming the first offending index.
 */
export function requireFiniteArray(name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw invalidArgument(`${name}[${i}] must be a finite number, but is ${values[i]}`)
    }
  }
}

/**
 * Requires a given number of entries.
 *
 * @throws PosttrainError `invalid-argument`, naming both lengths.
 */
export function requireLength(name: string, values: ArrayLike<unknown>, length: number): void {
  if (values.length !== length) throw invalidArgument(`${name} must have ${length} entries, but has ${values.length}`)
}

/**
 * Requires k ≤ n: an estimate for k samples needs at least k of them.
 *
 * @throws PosttrainError `invalid-argument`. Using k = n in silence would report another quantity.
 */
export function requireEnoughSamples(what: string, k: number, n: number): void {
  if (k > n) {
    throw invalidArgument(
      `${what} needs at least ${k} samples per task, but there are ${n}`,
      `draw ${k - n} more samples per task or lower k to at most ${n}`,
    )
  }
}
