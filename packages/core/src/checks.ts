import { described } from './described.js'
import { invalidArgument } from './errors.js'
import { quoted } from './shown.js'

/** Bounds of a number: `min` and `max` may be reached, `above` and `below` may not. */
export interface Bounds {
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly above?: number | undefined
  readonly below?: number | undefined
}

const describeBounds = ({ min, max, above, below }: Bounds): string => {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`
  const parts = [
    ...(min === undefined ? [] : [`of at least ${min}`]),
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(max === undefined ? [] : [`of at most ${max}`]),
    ...(below === undefined ? [] : [`below ${below}`]),
  ]
  return parts.length === 0 ? '' : ` ${parts.join(' and ')}`
}

const within = (value: number, bounds: Bounds): boolean => {
  const { min = -Infinity, max = Infinity, above = -Infinity, below = Infinity } = bounds
  return value >= min && value <= max && value > above && value < below
}

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
    throw invalidArgument(`${name} must be an integer${describeBounds(bounds)}, but is ${described(value)}`)
  }
  return value
}

/**
 * Requires a finite number within bounds and returns it.
 *
 * @throws PosttrainError `invalid-argument`, naming the argument and its value.
 * @example
 * ```ts
 * requireFinite('level', 0.95, { above: 0, below: 1 }) // => 0.95
 * ```
 */
export function requireFinite(name: string, value: number, bounds: Bounds = {}): number {
  if (!Number.isFinite(value) || !within(value, bounds)) {
    throw invalidArgument(`${name} must be a finite number${describeBounds(bounds)}, but is ${described(value)}`)
  }
  return value
}

/**
 * Requires that every entry is a finite number.
 *
 * @throws PosttrainError `invalid-argument`, naming the first offending index.
 */
export function requireFiniteArray(name: string, values: ArrayLike<number>): void {
  requireList(name, values)
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw invalidArgument(`${name}[${i}] must be a finite number, but is ${described(values[i])}`)
    }
  }
}

function requireList(name: string, values: unknown): void {
  if (typeof values === 'object' && values !== null && 'length' in values) return
  throw invalidArgument(`${name} must be a list, but is ${described(values)}`)
}

/**
 * Requires a given number of entries.
 *
 * @throws PosttrainError `invalid-argument`, naming both lengths.
 */
export function requireLength(name: string, values: ArrayLike<unknown>, length: number): void {
  requireList(name, values)
  if (values.length !== length) throw invalidArgument(`${name} must have ${length} entries, but has ${values.length}`)
}

/**
 * Requires one of a few texts and returns it. The compiler does so for TypeScript; this does so for a configuration
 * file.
 *
 * @throws PosttrainError `invalid-argument`, naming the argument, its value and the texts it may have.
 * @example
 * ```ts
 * requireOneOf('ties', 'share', ['share', 'strict']) // => 'share'
 * ```
 */
export function requireOneOf<T extends string>(name: string, value: T, allowed: readonly T[]): T {
  if (allowed.includes(value)) return value
  throw invalidArgument(
    `${name} must be one of ${allowed.join(', ')}, but is ${typeof value === 'string' ? quoted(value) : described(value)}`,
  )
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
