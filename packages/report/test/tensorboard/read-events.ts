/** An event, as far as the tests look at it. */
export interface ReadEvent {
  wallTime?: number
  step: number
  fileVersion?: string
  readonly scalars: [tag: string, value: number][]
}

/** CRC-32C bit by bit, as RFC 3720 defines it, and masked as TFRecords do. */
export function maskedBitByBit(bytes: Uint8Array): number {
  let crc = 0xffffffffn
  for (const byte of bytes) {
    crc ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x82f63b78n : crc >> 1n
  }
  crc ^= 0xffffffffn
  return Number((((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) & 0xffffffffn)
}

/** Reads an event file with nothing of what wrote it. @throws Error where a record is not whole or a checksum is wrong */
export function readEvents(file: Uint8Array): ReadEvent[] {
  const events: ReadEvent[] = []
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  for (let at = 0; at < file.byteLength;) {
    const length = Number(view.getBigUint64(at, true))
    const content = file.subarray(at + 12, at + 12 + length)
    const sums = [view.getUint32(at + 8, true), view.getUint32(at + 12 + length, true)]
    const expected = [maskedBitByBit(file.subarray(at, at + 8)), maskedBitByBit(content)]
    if (sums.join() !== expected.join())
      throw new Error(`the checksums at ${at} are ${sums.join()}, not ${expected.join()}`)
    events.push(eventOf(content))
    at += length + 16
  }
  return events
}

function eventOf(content: Uint8Array): ReadEvent {
  const event: ReadEvent = { step: 0, scalars: [] }
  for (const { field, number, bytes } of fieldsOf(content)) {
    if (field === 1) event.wallTime = double(bytes!)
    if (field === 2) event.step = Number(number)
    if (field === 3) event.fileVersion = text(bytes!)
    if (field === 5) {
      for (const value of fieldsOf(bytes!)) {
        const [tag, scalar] = [...fieldsOf(value.bytes!)]
        event.scalars.push([text(tag!.bytes!), float(scalar!.bytes!)])
      }
    }
  }
  return event
}

interface Field {
  readonly field: number
  readonly number?: bigint
  readonly bytes?: Uint8Array
}

/** The fields of a message, by the wire format of protocol buffers. */
function* fieldsOf(message: Uint8Array): Generator<Field> {
  let at = 0
  const varint = (): bigint => {
    let [value, shift] = [0n, 0n]
    for (;;) {
      const byte = message[at++]!
      value |= BigInt(byte & 0x7f) << shift
      shift += 7n
      if (byte < 0x80) return value
    }
  }
  while (at < message.byteLength) {
    const key = Number(varint())
    const [field, type] = [key >> 3, key & 7]
    if (type === 0) yield { field, number: varint() }
    else {
      const size = type === 1 ? 8 : type === 5 ? 4 : Number(varint())
      yield { field, bytes: message.subarray(at, at + size) }
      at += size
    }
  }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
const double = (bytes: Uint8Array): number => viewOf(bytes).getFloat64(0, true)
const float = (bytes: Uint8Array): number => viewOf(bytes).getFloat32(0, true)
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
