/** A value of a GGUF file's metadata, with its type. */
export type GgufValue =
  | { readonly u32: number }
  | { readonly f32: number }
  | { readonly bool: boolean }
  | { readonly text: string }
  | { readonly texts: readonly string[] }
  | { readonly i32s: readonly number[] }

/** A tensor in float32; `shape` has the outermost dimension first. */
export interface GgufTensor {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** The types as the format numbers them. */
const [U32, I32, F32, BOOL, TEXT, LIST] = [4, 5, 6, 7, 8, 9] as const
const ALIGNMENT = 32

/**
 * A GGUF file, version 3: the metadata, then where each tensor is, then their data.
 *
 * The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export function ggufBytes(
  metadata: Readonly<Record<string, GgufValue>>,
  tensors: ReadonlyMap<string, GgufTensor>,
): Uint8Array {
  const entries = Object.entries(metadata)
  const head = [Buffer.from('GGUF'), u32(3), u64(tensors.size), u64(entries.length)]
  for (const [name, value] of entries) head.push(text(name), ...valueOf(value))
  const data: Buffer[] = []
  let offset = 0
  for (const [name, { shape, data: values }] of tensors) {
    // Innermost dimension first; type 0 is float32.
    head.push(text(name), u32(shape.length), ...[...shape].reverse().map(u64), u32(0), u64(offset))
    const bytes = aligned(Buffer.from(values.buffer, values.byteOffset, values.byteLength))
    offset += bytes.length
    data.push(bytes)
  }
  return Buffer.concat([aligned(Buffer.concat(head)), ...data])
}

function valueOf(value: GgufValue): readonly Buffer[] {
  if ('u32' in value) return [u32(U32), u32(value.u32)]
  if ('f32' in value) return [u32(F32), f32(value.f32)]
  if ('bool' in value) return [u32(BOOL), Buffer.of(Number(value.bool))]
  if ('text' in value) return [u32(TEXT), text(value.text)]
  if ('texts' in value) return [u32(LIST), u32(TEXT), u64(value.texts.length), ...value.texts.map(text)]
  return [u32(LIST), u32(I32), u64(value.i32s.length), ...value.i32s.map(u32)]
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return bytes
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([u64(bytes.length), bytes])
}

const aligned = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((ALIGNMENT - (bytes.length % ALIGNMENT)) % ALIGNMENT)])
