import type { RandomStream } from '@posttrain/core'
import { changeJson, pick } from './change-json.js'

const numbers = [NaN, Infinity, -Infinity, -1, 0, 3e38, -3e38, 1e-45]
const lengths = [0n, 1n, 7n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]

/** Metadata that are JSON themselves. */
const described = ['config', 'tokenizer', 'template', 'lora']
const plain = ['format', 'steps', 'updates', 'lineage']
const texts = ['', '-1', '1.5', '1e400', '0x10', ' 7 ', '9007199254740993', 'posttrain-transformer', 'null', '[]', 'x']

interface Opened {
  readonly header: string
  readonly body: Uint8Array
}

function open(file: Uint8Array): Opened {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true))
  return { header: Buffer.from(file.subarray(8, 8 + length)).toString(), body: file.subarray(8 + length) }
}

function close({ header, body }: Opened): Uint8Array {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(header)))
  return Buffer.concat([length, Buffer.from(header), body])
}

function changeMetadata(stream: RandomStream, { header, body }: Opened): Uint8Array {
  const json = JSON.parse(header) as { __metadata__?: Record<string, string> }
  const metadata = (json.__metadata__ ??= {})
  const field = pick(stream, [...described, ...described, ...plain])
  const value = metadata[field]
  metadata[field] = value !== undefined && described.includes(field) ? changeJson(stream, value) : pick(stream, texts)
  return close({ header: JSON.stringify(json), body })
}

/** One tensor's description is given to another. */
function changePlaces(stream: RandomStream, { header, body }: Opened): Uint8Array {
  const json = JSON.parse(header) as Record<string, unknown>
  const [a, b] = [pick(stream, Object.keys(json)), pick(stream, Object.keys(json))]
  const [first, second] = [json[a], json[b]]
  json[a] = second
  if (stream.integer(2) === 0) json[b] = first
  return close({ header: JSON.stringify(json), body })
}

function changeNumber(stream: RandomStream, { header, body }: Opened): Uint8Array {
  const changed = new Uint8Array(body)
  const at = 4 * stream.integer(Math.max(1, changed.length >> 2))
  if (at + 4 <= changed.length) new DataView(changed.buffer).setFloat32(at, pick(stream, numbers), true)
  return close({ header, body: changed })
}

function changeBytes(stream: RandomStream, file: Uint8Array, { header }: Opened): Uint8Array {
  const changed = new Uint8Array(file)
  const flip = (at: number): void => void (changed[at]! ^= 1 << stream.integer(8))
  switch (stream.integer(5)) {
    case 0:
      return changed.subarray(0, stream.integer(changed.length))
    case 1:
      return Buffer.concat([changed, Buffer.alloc(1 + stream.integer(16))])
    case 2:
      new DataView(changed.buffer).setBigUint64(0, pick(stream, lengths), true)
      return changed
    case 3:
      flip(8 + stream.integer(header.length))
      return changed
    default:
      flip(stream.integer(changed.length))
      return changed
  }
}

/** A safetensors file of which one thing was changed: a byte, a number, an entry of its header, or its metadata. */
export function changeSafetensors(stream: RandomStream, file: Uint8Array): Uint8Array {
  const opened = open(file)
  switch (stream.integer(6)) {
    case 0:
      return changeBytes(stream, file, opened)
    case 1:
      return changeNumber(stream, opened)
    case 2:
      return changePlaces(stream, opened)
    case 3:
      return close({ ...opened, header: changeJson(stream, opened.header) })
    default:
      return changeMetadata(stream, opened)
  }
}
