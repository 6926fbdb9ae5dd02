const rotated = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits))

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0')

/**
 * A short name of a text and some numbers: equal for equal ones, and for others almost certainly another. Two lanes of
 * MurmurHash3's mixing.
 *
 * @returns 16 hexadecimal digits
 * @example
 * ```ts
 * fingerprint('shape', Float64Array.of(1, 2)) === fingerprint('shape', Float64Array.of(2, 1)) // => false
 * ```
 */
export function fingerprint(text: string, values: Float32Array | Float64Array = new Float32Array()): string {
  let [a, b] = [0x243f6a88, 0x13198a2e] // the first bits of π
  const mix = (word: number): void => {
    a = Math.imul(rotated(a ^ Math.imul(word, 0xcc9e2d51), 13), 5) + 0x1b873593
    b = Math.imul(rotated(b ^ Math.imul(word, 0x85ebca6b), 15), 9) + 0x38b34ae5
  }
  for (let i = 0; i < text.length; i++) mix(text.charCodeAt(i))
  const words = new Uint32Array(values.buffer, values.byteOffset, values.byteLength / 4)
  for (const word of words) mix(word)
  mix(text.length)
  return hex(Math.imul(a ^ (a >>> 16), 0x7feb352d)) + hex(Math.imul(b ^ (b >>> 15), 0x846ca68b))
}
