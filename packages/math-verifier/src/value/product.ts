import { rational, type Rational } from '@posttrain/rewards'
import { bitLength, limits, spend, Undecided } from '../limits/undecided.js'
import {
  addSums,
  atomKey,
  factorSum,
  integer,
  isInteger,
  one,
  plus,
  termSum,
  times,
  type Atom,
  type Factor,
  type Sum,
} from './sum.js'
import { isWave, waveProduct, type Wave } from './trigonometry.js'

/** The largest power of a sine or cosine that is written as a sum. */
const mostWaves = 24n

/** One atom to a power, in normal form. */
export const atomSum = (atom: Atom, exponent: Rational = one): Sum => normalTerm(one, [{ atom, exponent }])

/** The sum with each term multiplied by one power of an atom. */
export const timesFactor = (sum: Sum, factor: Factor): Sum =>
  addSums(
    ...[...sum.values()].map(({ coefficient, factors }) => normalTerm(coefficient, [...factors.values(), factor])),
  )

export function multiplySums(a: Sum, b: Sum): Sum {
  if (a.size * b.size > 20 * limits.terms) throw new Undecided('the product has too many terms')
  const parts: Sum[] = []
  for (const left of a.values()) {
    for (const right of b.values()) {
      parts.push(
        normalTerm(times(left.coefficient, right.coefficient), [...left.factors.values(), ...right.factors.values()]),
      )
    }
  }
  return addSums(...parts)
}

/** sumⁿ for a natural n, expanded. */
export function integerPower(sum: Sum, n: number): Sum {
  if (sum.size > 1 && n * Math.log2(sum.size) > 24) throw new Undecided('the power has too many terms')
  let result = integer(1)
  let square = sum
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = multiplySums(result, square)
    if (left > 1) square = multiplySums(square, square)
  }
  return result
}

const floorDivide = (n: bigint, d: bigint): bigint => (n >= 0n ? n / d : -((-n + d - 1n) / d))

/** p^exponent = p^whole · p^fraction with 0 ≤ fraction < 1; a whole that is too large stays as it is. */
function splitPrime(prime: bigint, exponent: Rational): { readonly value: Rational; readonly rest: Rational } {
  const whole = floorDivide(exponent.numerator, exponent.denominator)
  const size = whole < 0n ? -whole : whole
  if (size * BigInt(bitLength(prime)) > BigInt(limits.bits)) return { value: one, rest: exponent }
  const value = whole < 0n ? rational(1n, prime ** size) : rational(prime ** size)
  return { value, rest: plus(exponent, rational(-whole)) }
}

/**
 * coefficient · Π atom^exponent in normal form: i² = −1, whole powers of primes and of roots multiplied out, products
 * of sines and cosines as sums of them.
 */
function normalTerm(coefficient: Rational, factors: readonly Factor[]): Sum {
  spend(1 + factors.length)
  const powers = new Map<string, Factor>()
  for (const { atom, exponent } of factors) {
    const key = atomKey(atom)
    const total = plus(powers.get(key)?.exponent ?? rational(0n), exponent)
    if (total.numerator === 0n) powers.delete(key)
    else powers.set(key, { atom, exponent: total })
  }
  let value = coefficient
  const expanded: Sum[] = []
  const waves: Wave[] = []
  for (const [key, { atom, exponent }] of powers) {
    if (atom.kind === 'prime') {
      const split = splitPrime(atom.prime, exponent)
      value = times(value, split.value)
      if (split.rest.numerator === 0n) powers.delete(key)
      else powers.set(key, { atom, exponent: split.rest })
    } else if (atom.kind === 'symbol' && atom.name === 'i' && isInteger(exponent)) {
      const turn = Number(((exponent.numerator % 4n) + 4n) % 4n)
      if (turn >= 2) value = times(value, rational(-1n))
      if (turn % 2 === 0) powers.delete(key)
      else powers.set(key, { atom, exponent: one })
    } else if (isWave(atom) && isInteger(exponent) && exponent.numerator > 0n && exponent.numerator <= mostWaves) {
      powers.delete(key)
      waves.push(...Array.from({ length: Number(exponent.numerator) }, () => atom))
    } else if (atom.kind === 'power' && atom.exponent === undefined && exponent.numerator >= exponent.denominator) {
      const whole = exponent.numerator / exponent.denominator
      if (whole > 1_000n) throw new Undecided('the power is too large')
      expanded.push(integerPower(atom.base, Number(whole)))
      const rest = plus(exponent, rational(-whole))
      if (rest.numerator === 0n) powers.delete(key)
      else powers.set(key, { atom, exponent: rest })
    }
  }
  // A term has one sine or cosine at most: two are a sum, and one stays a factor.
  if (waves.length > 1)
    expanded.push(...waves.slice(2).map((wave) => factorSum(wave)), waveProduct(waves[0]!, waves[1]!))
  else if (waves.length === 1) powers.set(atomKey(waves[0]!), { atom: waves[0]!, exponent: one })
  return expanded.reduce(multiplySums, termSum(value, powers))
}
