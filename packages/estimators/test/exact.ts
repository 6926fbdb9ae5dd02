/** C(n, k) as a big integer: the oracle of every binomial formula. */
export function choose(n: number, k: number): bigint {
  if (k < 0 || k > n) return 0n
  let result = 1n
  for (let i = 1; i <= Math.min(k, n - k); i++) result = (result * BigInt(n - Math.min(k, n - k) + i)) / BigInt(i)
  return result
}

/** a/b to the last digit of a double, for 0 ≤ a and 0 < b of any size. */
export function ratio(a: bigint, b: bigint): number {
  if (a === 0n) return 0
  // Scale so that the integer quotient has 64 to 65 bits, then undo the scale.
  const shift = b.toString(2).length - a.toString(2).length + 64
  const quotient = shift >= 0 ? (a << BigInt(shift)) / b : a / (b << BigInt(-shift))
  return Number(quotient) * 2 ** -Math.min(shift, 1000) * 2 ** -Math.max(shift - 1000, 0)
}

/** Relative error against an exact value; absolute where that is 0. */
export const relativeError = (actual: number, exact: number): number =>
  exact === 0 ? Math.abs(actual) : Math.abs(actual - exact) / Math.abs(exact)
