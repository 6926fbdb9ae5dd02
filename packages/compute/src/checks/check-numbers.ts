import { invalidArgument, requireLength, requireOneOf } from '@posttrain/core'
import type { DeviceBuffer, DType } from '../device-buffer.js'

const dtypes: readonly DType[] = ['f32', 'i32']

/** Requires the name of a type, spelled as it is. @throws PosttrainError `invalid-argument`, naming the argument */
export const requireDType = (where: string, dtype: DType): DType => requireOneOf(where, dtype, dtypes)

/** Requires a number, of any size, infinite and NaN too. @throws PosttrainError `invalid-argument`, naming it */
export function requireNumber(where: string, value: unknown): void {
  if (typeof value === 'number') return
  const found = value === null || value === undefined ? String(value) : `a ${typeof value}`
  throw invalidArgument(`${where} must be a number, but is ${found}`)
}

/** Typed arrays of numbers, at whose entries nobody need look. */
const ofNumbers = [Float32Array, Float64Array, Int32Array, Uint32Array, Int16Array, Uint16Array, Int8Array, Uint8Array]

/**
 * Requires as many numbers as a buffer has.
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
  if (ofNumbers.some((array) => data instanceof array)) return
  for (let i = 0; i < entries.length; i++) requireNumber(`${where}[${i}]`, entries[i])
}
