// TextEncoder exists on every platform this runs on, but in no standard ECMAScript library type.
const codec = globalThis as unknown as { readonly TextEncoder: new () => { encode(text: string): Uint8Array } }

/** Bytes after each other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.byteLength
  }
  return whole
}

/** A number of at most 2⁵³, seven bits to a byte, the lowest first. */
function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80)
  return Uint8Array.from([...bytes, rest])
}

const [VARINT, FIXED_64, BYTES, FIXED_32] = [0, 1, 2, 5]
const key = (field: number, type: number): Uint8Array => varint(field * 8 + type)

/** The field as an `int64`, of a number that is not negative. */
export const intField = (field: number, value: number): Uint8Array => joined([key(field, VARINT), varint(value)])

/** The field as a `double`. */
export function doubleField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setFloat64(0, value, true)
  return joined([key(field, FIXED_64), bytes])
}

/** The field as a `float`. */
export function floatField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setFloat32(0, value, true)
  return joined([key(field, FIXED_32), bytes])
}

/** The field as a message or, of a text, as a `string`. */
export function bytesField(field: number, value: Uint8Array | string): Uint8Array {
  const bytes = typeof value === 'string' ? new codec.TextEncoder().encode(value) : value
  return joined([key(field, BYTES), varint(bytes.byteLength), bytes])
}
