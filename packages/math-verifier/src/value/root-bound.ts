import { enclose } from './enclose.js'
import { isInteger, type Atom, type Sum } from './sum.js'

/**
 * An algebraic number U/L by what bounds it: `top` ≥ log₂ of every conjugate of U, `bottom` ≥ that of L, where U and L
 * are algebraic integers.
 */
interface Size {
  readonly top: number
  readonly bottom: number
}

/** The most bits to which a number is enclosed to prove that it is 0. */
const mostBits = 12_000

/**
 * Whether a real algebraic number is 0, by a constructive root bound; undefined where it needs too many bits, and for
 * sums that are not made of rationals, roots, and cosines of rational multiples of π.
 *
 * For E = U/L ≠ 0 of degree D the norm of U is an integer other than 0, so that |E| ≥ 2^−((D − 1)·top + bottom)
 * (Burnikel, Fleischer, Mehlhorn and Schirra 2000). An enclosure inside of that bound proves E = 0.
 */
export function isZeroByBound(sum: Sum): boolean | undefined {
  const degrees = new Map<string, number>()
  const size = sizeOf(sum, degrees)
  if (size === undefined) return undefined
  const degree = [...degrees.values()].reduce((product, factor) => product * factor, 1)
  const bound = Math.ceil((degree - 1) * size.top + size.bottom) + 1
  if (!(bound <= mostBits)) return undefined
  const bits = bound + 64
  const interval = enclose(sum, bits)
  if (interval === undefined) return undefined
  if (interval.low > 0n || interval.high < 0n) return false
  const limit = 1n << BigInt(bits - bound)
  return interval.low > -limit && interval.high < limit ? true : undefined
}

/** The size of a sum; the degree of each extension of the rationals that it needs goes into `degrees`. */
function sizeOf(sum: Sum, degrees: Map<string, number>): Size | undefined {
  const sizes: Size[] = []
  for (const { coefficient, factors } of sum.values()) {
    let [top, bottom] = [log2(coefficient.numerator), log2(coefficient.denominator)]
    for (const [key, { atom, exponent }] of factors) {
      const size = sizeOfAtom(atom, key, exponent.denominator, degrees)
      if (size === undefined) return undefined
      const power = Math.abs(Number(exponent.numerator)) / Number(exponent.denominator)
      const inverted = exponent.numerator < 0n
      top += power * (inverted ? size.bottom : size.top)
      bottom += power * (inverted ? size.top : size.bottom)
    }
    sizes.push({ top, bottom })
  }
  const bottom = sizes.reduce((total, size) => total + size.bottom, 0)
  const top = Math.max(0, ...sizes.map((size) => size.top + bottom - size.bottom)) + Math.log2(sizes.length)
  return { top: top + 1e-6 * (1 + top), bottom: bottom * (1 + 1e-6) }
}

function sizeOfAtom(atom: Atom, key: string, root: bigint, degrees: Map<string, number>): Size | undefined {
  if (atom.kind === 'prime') {
    extend(degrees, key, Number(root))
    return { top: log2(atom.prime), bottom: 0 }
  }
  if (atom.kind === 'power' && atom.exponent === undefined) {
    extend(degrees, key, Number(root))
    return sizeOf(atom.base, degrees)
  }
  if (atom.kind !== 'function' || atom.name !== 'cos' || root !== 1n) return undefined
  const q = atom.argument.size === 1 ? atom.argument.get('π')?.coefficient : undefined
  if (q === undefined || isInteger(q) || q.denominator > 500n) return undefined
  // 2 cos πq is an algebraic integer whose conjugates are cosines; those of one denominator are in one field.
  degrees.set(`cos ${q.denominator}`, totient(2 * Number(q.denominator)) / 2)
  return { top: 1, bottom: 1 }
}

/** Roots of several degrees of one number are powers of one root. */
function extend(degrees: Map<string, number>, key: string, root: number): void {
  const old = degrees.get(key) ?? 1
  let degree = old
  while (degree % root !== 0) degree += old
  degrees.set(key, degree)
}

const totient = (n: number): number =>
  Array.from({ length: n }, (_, k) => k + 1).filter((k) => divisor(k, n) === 1).length
const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))

/** An upper bound of log₂ |n|. */
function log2(n: bigint): number {
  const size = n < 0n ? -n : n
  const digits = size.toString(2)
  return size <= 1n ? 0 : digits.length <= 50 ? Math.log2(Number(size)) + 1e-9 : digits.length
}
