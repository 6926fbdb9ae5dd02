/** bfloat16 is the upper half of a float32. */
export function widenBF16(bits: Uint16Array): Float32Array {
  const wide = new Uint32Array(bits.length)
  for (let i = 0; i < bits.length; i++) wide[i] = bits[i]! << 16
  return new Float32Array(wide.buffer)
}

/** IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits; exponent 0 is subnormal, 31 infinite or not a number. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** float16 to float32; every value is exact there. */
export const widenF16 = (bits: Uint16Array): Float32Array => Float32Array.from(bits, halfToNumber)
