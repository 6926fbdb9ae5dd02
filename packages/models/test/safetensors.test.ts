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
    const name = fc.string({ minLength: 1, unit: 'binary' }).filter((n) => n !== '__metadata__')
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

  it('are what the format says, or are refused', () => {
    const entry = (dtype: string, shape: readonly unknown[], from: number, to: number): string =>
      JSON.stringify({ dtype, shape, data_offsets: [from, to] })
    const fileOf = (header: string, body = 8, stated = Buffer.byteLength(header)): Uint8Array => {
      const length = Buffer.alloc(8)
      length.writeBigUInt64LE(BigInt(stated))
      return Buffer.concat([length, Buffer.from(header), Buffer.alloc(body)])
    }
    const w = entry('F32', [2], 0, 8)
    expect(decodeSafetensors(fileOf(`{"w":${w}}   `)).tensors.get('w')!.data).toEqual(new Float32Array(2))
    expect([...decodeSafetensors(fileOf(`{"w":${w},"e":${entry('F32', [0, 2 ** 52], 8, 8)}}`)).tensors.keys()]).toEqual(
      ['w', 'e'],
    )
    const refused: readonly (readonly [Uint8Array, string])[] = [
      [fileOf(`{"w":${w},"w":${w}}`), 'not a safetensors file: its header has "w" twice in one object'],
      [fileOf(`{"w":${w},"\\u0077":${w}}`), 'its header has "w" twice in one object'],
      [fileOf(`{"w":${w.replace('{', '{"dtype":"F64",')}}`), 'its header has "dtype" twice in one object'],
      [fileOf(` {"w":${w}}`), 'its header is not JSON: it does not begin with {'],
      [fileOf(`\ufeff{"w":${w}}`), 'its header is not JSON: it does not begin with {'],
      [fileOf(`{"w":${w}}\n\0`), 'its header is not JSON'],
      [Buffer.from(fileOf(`{"w":${w}}`)).fill(0xff, 10, 11), 'its header is not text in UTF-8'],
      [fileOf('{"a":' + '['.repeat(200_000) + ']'.repeat(200_000) + '}'), 'nested deeper than 128 levels'],
      [fileOf(`{"w":${w},"__metadata__":{"a":1}}`), 'its header is malformed: the metadata'],
      [fileOf(`{"w":null}`), 'its header is malformed: tensor w'],
      [fileOf(`{"w":${entry('F32', [-2], 0, 8)}}`), 'its header is malformed: tensor w'],
      [fileOf(`{"w":${entry('F32', ['2'], 0, 8)}}`), 'its header is malformed: tensor w'],
      [fileOf(`{"w":${entry('F32', [2 ** 32, 2 ** 32], 0, 8)}}`), 'tensor w occupies 8 bytes'],
      [fileOf(`{"w":${entry('F32', Array<number>(40).fill(2 ** 50), 0, 8)}}`), 'tensor w occupies 8 bytes'],
      [fileOf(`{"w":${w}}`, 8, 2 ** 40), 'its header would take 1099511627776 bytes of'],
      ...['f32', 'I64', 'U8', 'BOOL', 'F8_E4M3', '', 'constructor', '__proto__', 'toString', ' F32'].map(
        (dtype) => [fileOf(`{"w":${entry(dtype, [2], 0, 8)}}`), `tensor w has the type ${dtype}`] as const,
      ),
    ]
    for (const [file, message] of refused) {
      expect(() => decodeSafetensors(file)).toThrow(expect.objectContaining({ code: 'invalid-data' }))
      expect(() => decodeSafetensors(file)).toThrow(message)
    }
    const named = new Map([['__metadata__', { dtype: 'F32' as const, shape: [1], data: new Float32Array(1) }]])
    expect(() => encodeSafetensors({ tensors: named, metadata: {} })).toThrow('a tensor is named __metadata__')
  })

  it('may have a hundred thousand tensors', () => {
    const data = new Float32Array()
    const many = Array.from({ length: 100_000 }, (_, i) => [`t${i}`, { dtype: 'F32', shape: [0], data }] as const)
    expect(decodeSafetensors(encodeSafetensors({ tensors: new Map(many), metadata: {} })).tensors.size).toBe(100_000)
  })
})
