import { decodeSafetensors, encodeSafetensors, type Tensor } from '@posttrain/models'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const tensor = fc
  .tuple(fc.constantFrom('F64', 'F32', 'I32'), fc.array(fc.nat(4), { maxLength: 3 }), fc.infiniteStream(fc.integer()))
  .map(([dtype, shape, numbers]): Tensor => {
    const values = [...numbers.take(shape.reduce((a, b) => a * b, 1))].map((x) => x % 1000)
    const data = { F64: Float64Array, F32: Float32Array, I32: Int32Array }[dtype].from(values)
    return { dtype: dtype, shape, data }
  })

describe('safetensors', () => {
  it('come back as they were written, from any kind of byte array at any offset', () => {
    const name = fc.string({ minLength: 1, unit: 'binary' }).filter((n) => n !== '__metadata__' && n !== '__proto__')
    fc.assert(
      fc.property(fc.array(fc.tuple(name, tensor), { maxLength: 4 }), fc.nat(9), (entries, offset) => {
        const content = { tensors: new Map(entries), metadata: { note: 'größe' } }
        const file = encodeSafetensors(content)
        expect(decodeSafetensors(file)).toEqual(content)
        const elsewhere = new Uint8Array(offset + file.length)
        elsewhere.set(file, offset)
        expect(decodeSafetensors(elsewhere.subarray(offset))).toEqual(content)
        expect(decodeSafetensors(Buffer.concat([Buffer.from(file)]))).toEqual(content)
      }),
    )
  })

  it('are refused with what is wrong', () => {
    const vector = { dtype: 'F32' as const, shape: [2, 2], data: new Float32Array(4) }
    const file = encodeSafetensors({ tensors: new Map([['w', vector]]), metadata: {} })
    const changed = (from: string, to: string, of = file): Uint8Array =>
      Buffer.from(Buffer.from(of).toString('latin1').replace(from, to), 'latin1')
    expect(() => decodeSafetensors(changed('F32', 'F8X'))).toThrow('tensor w has the type F8X')
    expect(() => decodeSafetensors(changed('F32', 'F16'))).toThrow('tensor w occupies 16 bytes, but [2, 2] F16 needs 8')
    expect(() => decodeSafetensors(changed('[2,2]', '[2,3]'))).toThrow(
      'tensor w occupies 16 bytes, but [2, 3] F32 needs 24',
    )
    expect(() => decodeSafetensors(changed('{', '['))).toThrow('its header is not JSON')
    expect(() => decodeSafetensors(changed('"dtype"', '"dtipe"'))).toThrow('its header is malformed')
    expect(() => decodeSafetensors(file.subarray(0, file.length - 1))).toThrow('the file is truncated: tensor w')
    expect(() => decodeSafetensors(file.subarray(0, 20))).toThrow('its header would take')
    expect(() => decodeSafetensors(Buffer.concat([file, Buffer.alloc(3)]))).toThrow('3 bytes after tensor w')
    const two = encodeSafetensors({ tensors: new Map(['v', 'w'].map((name) => [name, vector])), metadata: {} })
    expect(() => decodeSafetensors(changed('[16,32]', '[08,24]'.replace('0', ' '), two))).toThrow(
      'tensor w overlaps tensor v',
    )
    expect(() => decodeSafetensors(changed('[16,32]', '[20,36]', two))).toThrow('4 bytes before tensor w')
    const wrong = new Map([['w', { ...vector, shape: [3] }]])
    expect(() => encodeSafetensors({ tensors: wrong, metadata: {} })).toThrow(
      'tensor w has 4 numbers for the shape [3]',
    )
  })
})
