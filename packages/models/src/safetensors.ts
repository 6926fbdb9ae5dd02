import { invalidArgument, invalidData } from '@posttrain/core'
import { z } from 'zod'
import { fromUtf8, utf8 } from './utf8.js'

/** Element types that are read and written here. */
export type TensorType = 'F64' | 'F32' | 'I32'

/** One named array of a safetensors file, row-major. */
export interface Tensor {
  readonly dtype: TensorType
  readonly shape: readonly number[]
  readonly data: Float64Array | Float32Array | Int32Array
}

/** The content of a safetensors file. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, Tensor>
  /** The header's `__metadata__`. */
  readonly metadata: Readonly<Record<string, string>>
}

const arrays = { F64: Float64Array, F32: Float32Array, I32: Int32Array } as const

const headerSchema = z.object({ __metadata__: z.record(z.string(), z.string()).optional() }).catchall(
  z.object({
    dtype: z.string(),
    shape: z.array(z.int().nonnegative()),
    data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
  }),
)

const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

/**
 * Writes the safetensors format: 8 bytes of header length, a JSON header, then the tensors' little-endian bytes.
 * The same tensors in the same order give the same bytes. Format: https://huggingface.co/docs/safetensors
 *
 * @throws PosttrainError `invalid-argument` if a tensor's data does not fill its shape
 */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata }
  let offset = 0
  for (const [name, { dtype, shape, data }] of tensors) {
    if (data.length !== elements(shape)) {
      throw invalidArgument(`tensor ${name} has ${data.length} numbers for the shape [${shape.join(', ')}]`)
    }
    header[name] = { dtype, shape, data_offsets: [offset, offset + data.byteLength] }
    offset += data.byteLength
  }
  let json = JSON.stringify(header)
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
 * Reads a safetensors file.
 *
 * @throws PosttrainError `invalid-data`, naming the tensor, if the file is truncated, mis-shaped or no safetensors file
 */
export function decodeSafetensors(file: Uint8Array): Safetensors {
  const { header, body } = readHeader(file)
  const { __metadata__: metadata = {}, ...entries } = header
  const tensors = new Map<string, Tensor>()
  for (const [
    name,
    {
      dtype,
      shape,
      data_offsets: [start, end],
    },
  ] of Object.entries(entries)) {
    if (!(dtype in arrays)) {
      throw invalidData(`tensor ${name} has the type ${dtype}`, `supported are ${Object.keys(arrays).join(', ')}`)
    }
    const TypedArray = arrays[dtype as TensorType]
    const bytes = elements(shape) * TypedArray.BYTES_PER_ELEMENT
    if (end - start !== bytes) {
      throw invalidData(
        `tensor ${name} occupies ${end - start} bytes, but [${shape.join(', ')}] ${dtype} needs ${bytes}`,
      )
    }
    if (end > body.length) {
      throw invalidData(
        `the file is truncated: tensor ${name} ends at byte ${end} of the data, which has ${body.length}`,
        'copy or download the checkpoint again',
      )
    }
    tensors.set(name, { dtype: dtype as TensorType, shape, data: new TypedArray(body.slice(start, end).buffer) })
  }
  return { tensors, metadata }
}

function readHeader(file: Uint8Array): { header: z.infer<typeof headerSchema>; body: Uint8Array } {
  const notSafetensors = (why: string): Error =>
    invalidData(`not a safetensors file: ${why}`, 'expected 8 bytes of header length, then a JSON header')
  if (file.length < 8) throw notSafetensors(`it has ${file.length} bytes`)
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const headerLength = view.getBigUint64(0, true)
  if (headerLength > BigInt(file.length - 8)) {
    throw notSafetensors(`its header would take ${headerLength} bytes of ${file.length}`)
  }
  const headerEnd = 8 + Number(headerLength)
  let json: unknown
  try {
    json = JSON.parse(fromUtf8(file.subarray(8, headerEnd)))
  } catch {
    throw notSafetensors('its header is not JSON')
  }
  const header = headerSchema.safeParse(json)
  if (!header.success) throw notSafetensors(`its header is malformed: ${z.prettifyError(header.error)}`)
  // A Node Buffer's own slice would share memory; a plain Uint8Array's copies, and so aligns each tensor.
  return {
    header: header.data,
    body: new Uint8Array(file.buffer, file.byteOffset + headerEnd, file.length - headerEnd),
  }
}
