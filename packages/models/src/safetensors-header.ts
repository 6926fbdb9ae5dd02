import { invalidData, problemsOf } from '@posttrain/core'
import { fromUtf8, parseJSON } from '@posttrain/text'
import * as z from 'zod'

/** What a header says of one tensor. */
export interface TensorEntry {
  readonly dtype: string
  readonly shape: readonly number[]
  /** First byte and byte after the last, counted from the end of the header. */
  readonly data_offsets: readonly [begin: number, end: number]
}

/** A safetensors file, of which the header has been read. */
export interface SafetensorsHeader {
  readonly metadata: Readonly<Record<string, string>>
  readonly entries: readonly (readonly [name: string, entry: TensorEntry])[]
  /** The tensors' bytes. */
  readonly body: Uint8Array
}

/** The name of what is not a tensor. */
export const METADATA = '__metadata__'

/** The format's own limit on the bytes of a header. */
const LONGEST = 100_000_000

const count = z.int().nonnegative()
const metadataSchema = z.record(z.string(), z.string())
const entrySchema: z.ZodType<TensorEntry> = z.object({
  dtype: z.string(),
  shape: z.array(count),
  data_offsets: z.tuple([count, count]),
})

const notSafetensors = (why: string): Error =>
  invalidData(`not a safetensors file: ${why}`, 'expected 8 bytes of header length, then a JSON header')

/**
 * Reads the header of a safetensors file: its length in 8 bytes, then an object as JSON in UTF-8, after which spaces
 * may follow. Names are distinct.
 *
 * @throws PosttrainError `invalid-data` for another file
 */
export function readHeader(file: Uint8Array): SafetensorsHeader {
  if (file.length < 8) throw notSafetensors(`it has ${file.length} bytes`)
  const stated = new DataView(file.buffer, file.byteOffset, file.byteLength).getBigUint64(0, true)
  if (stated > BigInt(file.length - 8)) throw notSafetensors(`its header would take ${stated} bytes of ${file.length}`)
  if (stated > BigInt(LONGEST)) throw notSafetensors(`its header would take ${stated} bytes, more than ${LONGEST}`)
  const end = 8 + Number(stated)
  const json = parseJSON('not a safetensors file: its header', headerText(file.subarray(8, end)), z.unknown())
  if (typeof json !== 'object' || json === null) throw notSafetensors('its header is not an object')
  return {
    metadata: checked('the metadata', Reflect.get(json, METADATA) ?? {}, metadataSchema),
    entries: Object.entries(json).flatMap(([name, entry]) =>
      name === METADATA ? [] : [[name, checked(`tensor ${name}`, entry, entrySchema)] as const],
    ),
    body: new Uint8Array(file.buffer, file.byteOffset + end, file.length - end),
  }
}

function headerText(bytes: Uint8Array): string {
  if (bytes[0] !== 0x7b) throw notSafetensors('its header is not JSON: it does not begin with {')
  try {
    return fromUtf8(bytes).replace(/ +$/, '')
  } catch {
    throw notSafetensors('its header is not text in UTF-8')
  }
}

function checked<T>(what: string, value: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw notSafetensors(`its header is malformed: ${what}: ${problemsOf(parsed.error)}`)
}
