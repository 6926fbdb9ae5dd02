import { invalidArgument, invalidData } from '@posttrain/core'
import { utf8 } from '@posttrain/text'
import { widenBF16, widenF16 } from './half-precision.js'
import { METADATA, readHeader, type TensorEntry } from './safetensors-header.js'
import { elementCount, type Tensor } from './tensor.js'

/** The content of a safetensors file. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, Tensor>
  /** The header's `__metadata__`. */
  readonly metadata: Readonly<Record<string, string>>
}

type TensorReader = (bytes: Uint8Array<ArrayBuffer>) => Pick<Tensor, 'dtype' | 'data'>

/** Every type that is read: bytes of an element, and how to read them from a buffer of their own. */
const readers: ReadonlyMap<string, readonly [bytes: number, read: TensorReader]> = new Map([
  ['F64', [8, ({ buffer }) => ({ dtype: 'F64', data: new Float64Array(buffer) })]],
  ['F32', [4, ({ buffer }) => ({ dtype: 'F32', data: new Float32Array(buffer) })]],
  ['I32', [4, ({ buffer }) => ({ dtype: 'I32', data: new Int32Array(buffer) })]],
  ['BF16', [2, ({ buffer }) => ({ dtype: 'F32', data: widenBF16(new Uint16Array(buffer)) })]],
  ['F16', [2, ({ buffer }) => ({ dtype: 'F32', data: widenF16(new Uint16Array(buffer)) })]],
])

/**
 * Writes the safetensors format: 8 bytes of header length, a JSON header, then the tensors' little-endian bytes.
 * The same tensors in the same order give the same bytes. Format: https://huggingface.co/docs/safetensors
 *
 * @throws PosttrainError `invalid-argument` if a tensor's data does not fill its shape, or for one that is named as the
 *   metadata are
 * @example
 * ```ts
 * const tensors = new Map([['w', { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) }]] as const)
 * encodeSafetensors({ tensors, metadata: {} }).length % 8 // => 0
 * ```
 */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array {
  const header: [string, unknown][] = [[METADATA, metadata]]
  let offset = 0
  for (const [name, { dtype, shape, data }] of tensors) {
    if (name === METADATA) throw invalidArgument(`a tensor is named ${METADATA}, as the metadata are`)
    if (data.length !== elementCount(shape)) {
      throw invalidArgument(`tensor ${name} has ${data.length} numbers for the shape [${shape.join(', ')}]`)
    }
    header.push([name, { dtype, shape, data_offsets: [offset, offset + data.byteLength] }])
    offset += data.byteLength
  }
  let json = JSON.stringify(Object.fromEntries(header))
  json += ' '.repeat((8 - (utf8(json).length % 8)) % 8) // tensors start on a multiple of 8 bytes
  const head = utf8(json)
  const file = new Uint8Array(8 + head.length + offset)
  new DataView(file.buffer).setBigUint64(0, BigInt(head.length), true)
  file.set(head, 8)
  let position = 8 + head.length
  for (const { data } of tensors.values()) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position)
    position += data.byteLength
  }
  return file
}

/**
 * Reads a safetensors file. BF16 and F16 are widened to F32; any other type than these and those of `TensorType` is
 * refused by name.
 *
 * @throws PosttrainError `invalid-data`, naming the tensor, if the file is truncated, mis-shaped, overlapping, has a
 *   name twice or is not a safetensors file
 * @example
 * ```ts
 * const tensors = new Map([['w', { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) }]] as const)
 * decodeSafetensors(encodeSafetensors({ tensors, metadata: {} })).tensors.get('w')!.data // => [1, 2]
 * ```
 */
export function decodeSafetensors(file: Uint8Array): Safetensors {
  const { metadata, entries, body } = readHeader(file)
  requireContiguous(entries, body.length)
  const tensors = new Map<string, Tensor>()
  for (const [name, { dtype, shape, data_offsets }] of entries) {
    const [, read] = requireReader(name, dtype)
    // A Node Buffer's own slice would share memory; a plain Uint8Array's copies, and so aligns each tensor.
    tensors.set(name, { shape, ...read(body.slice(...data_offsets)) })
  }
  return { tensors, metadata }
}

function requireReader(name: string, dtype: string): readonly [bytes: number, read: TensorReader] {
  const reader = readers.get(dtype)
  if (reader) return reader
  throw invalidData(`tensor ${name} has the type ${dtype}`, `supported are ${[...readers.keys()].join(', ')}`)
}

/** Requires that each tensor fills its bytes, and that the tensors lie one after the other from byte 0 to the end. */
function requireContiguous(entries: readonly (readonly [string, TensorEntry])[], length: number): void {
  let end = 0
  let previous = 'the header'
  for (const [name, { dtype, shape, data_offsets }] of [...entries].sort(
    ([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  )) {
    const occupied = data_offsets[1] - data_offsets[0]
    const needed = elementCount(shape) * requireReader(name, dtype)[0]
    if (occupied !== needed) {
      throw invalidData(`tensor ${name} occupies ${occupied} bytes, but [${shape.join(', ')}] ${dtype} needs ${needed}`)
    }
    if (data_offsets[0] < end) throw invalidData(`tensor ${name} overlaps ${previous}`)
    if (data_offsets[0] > end) {
      throw invalidData(`${data_offsets[0] - end} bytes before tensor ${name} belong to no tensor`)
    }
    if (data_offsets[1] > length) {
      throw invalidData(
        `the file is truncated: tensor ${name} ends at byte ${data_offsets[1]} of the data, which has ${length}`,
        'copy or download the checkpoint again',
      )
    }
    end = data_offsets[1]
    previous = `tensor ${name}`
  }
  if (end < length) throw invalidData(`${length - end} bytes after ${previous} belong to no tensor`)
}
