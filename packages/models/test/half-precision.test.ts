import { decodeSafetensors } from '@posttrain/models'
import { describe, expect, it } from 'vitest'

/** A file with one tensor of two-byte elements. */
function halfFile(dtype: string, bits: readonly number[]): Uint8Array {
  const entry = { w: { dtype, shape: [bits.length], data_offsets: [0, 2 * bits.length] } }
  const header = new TextEncoder().encode(JSON.stringify(entry))
  const file = new Uint8Array(8 + header.length + 2 * bits.length)
  const view = new DataView(file.buffer)
  view.setBigUint64(0, BigInt(header.length), true)
  file.set(header, 8)
  bits.forEach((value, i) => view.setUint16(8 + header.length + 2 * i, value, true))
  return file
}

const read = (dtype: string, bits: readonly number[]): number[] =>
  Array.from(decodeSafetensors(halfFile(dtype, bits)).tensors.get('w')!.data)

describe('half precision', () => {
  it('F16 is widened: zeros, subnormals, the largest, infinities and not-a-number', () => {
    const bits = [0x0000, 0x8000, 0x0001, 0x03ff, 0x0400, 0x3c00, 0x3c01, 0xc000, 0x7bff, 0x7c00, 0xfc00, 0x7e00]
    const values = [0, -0, 2 ** -24, 1023 * 2 ** -24, 2 ** -14, 1, 1 + 2 ** -10, -2, 65504, Infinity, -Infinity, NaN]
    expect(read('F16', bits)).toEqual(values)
  })

  it('BF16 is widened: it is the upper half of a float32', () => {
    const values = [0, -0, 1, -2, 3.140625, 2 ** -126, Infinity, NaN]
    const bits = values.map((x) => new Uint32Array(Float32Array.of(x).buffer)[0]! >>> 16)
    expect(read('BF16', bits)).toEqual(values)
  })
})
