import { invalidArgument, requireLength, requireOneOf } from '@posttrain/core'
import type { DeviceBuffer, DType } from '../device-buffer.js'

const dtypes: readonly DType[] = ['f32', 'i32']

/** Requires the name of a type, spelled as it is. @throws PosttrainError `invalid-argument`, naming the argument */
export const requireDType = (where: string, dtype: DType): DType => requireOneOf(where, dtype, dtypes)

const isElement = (value: unknown, dtype: DType): boolean =>
  dtype === 'i32' ? Number.isInteger(value) && value === (value as number) >> 0 : typeof value === 'number'

/**
 * Requires what a buffer can hold: of f32 any number, infinite ones and NaN too, of i32 an integer of 32 bits.
 *
 * @throws PosttrainError `invalid-argument`, naming the argument and its value
 */
export function requireElement(where: string, value: unknown, dtype: DType): void {
  if (isElement(value, dtype)) return
  const wanted = dtype === 'i32' ? 'a 32-bit integer' : 'a number'
  const found = value === null || value === undefined || typeof value === 'number' ? String(value) : `a ${typeof value}`
  throw invalidArgument(`${where} must be ${wanted}, but is ${found}`)
}

/** Typed arrays whose every entry is an element of the type, so that nobody need look at them. */
const carriers = {
  f32: [Float32Array, Float64Array, Int32Array, Uint32Array, Int16Array, Uint16Array, Int8Array, Uint8Array],
  i32: [Int32Array, Int16Array, Uint16Array, Int8Array, Uint8Array],
} as const

/**
 * Requires as many elements as a buffer has, each of which it can hold.
 *
 * @throws PosttrainError `invalid-argument`, naming the argument and the entry
 */
export function requireData(where: string, data: unknown, buffer: DeviceBuffer): void {
  if (typeof data !== 'object' || data === null || !('length' in data)) {
    const found = data === null ? 'null' : typeof data
    throw invalidArgument(`${where} must be an array of ${buffer.length} numbers, but is ${found}`)
  }
  const entries = data as ArrayLike<unknown>
  requireLength(where, entries, buffer.length)
  if (carriers[buffer.dtype].some((carrier) => data instanceof carrier)) return
  for (let i = 0; i < entries.length; i++) requireElement(`${where}[${i}]`, entries[i], buffer.dtype)
}
