import { applyOperator, equalRationals, formatRational, rational, type Rational } from '@posttrain/rewards'
import { bitLength, limits, spend, Undecided } from '../limits/undecided.js'

/** A factor that is not a rational number: a symbol, a prime under a root, a power, or a function of values. */
export type Atom =
  | { readonly kind: 'prime'; readonly prime: bigint }
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'power'; readonly base: Sum; readonly exponent?: Sum }
  | { readonly kind: 'function'; readonly name: string; readonly argument: Sum }

export interface Factor {
  readonly atom: Atom
  readonly exponent: Rational
}

/** A rational coefficient times powers of atoms. */
export interface Term {
  readonly coefficient: Rational
  readonly factors: ReadonlyMap<string, Factor>
}

/** A sum of terms in normal form, by the text of the factors of each. The empty sum is 0. */
export type Sum = ReadonlyMap<string, Term>

export const one: Rational = rational(1n)
export const zero: Sum = new Map()

const sign = (value: Rational): number => (value.numerator < 0n ? -1 : value.numerator > 0n ? 1 : 0)
export const isInteger = (value: Rational): boolean => value.denominator === 1n
export const plus = (a: Rational, b: Rational): Rational => applyOperator('+', a, b)!
export const times = (a: Rational, b: Rational): Rational => {
  if (bitLength(a.numerator) + bitLength(b.numerator) > 2 * limits.bits) throw new Undecided('the numbers are too long')
  if (bitLength(a.denominator) + bitLength(b.denominator) > 2 * limits.bits)
    throw new Undecided('the numbers are too long')
  return applyOperator('*', a, b)!
}

/** The text of an atom; equal atoms have equal texts. */
export function atomKey(atom: Atom): string {
  switch (atom.kind) {
    case 'prime':
      return `${atom.prime}`
    case 'symbol':
      return atom.name
    case 'power':
      return `(${sumKey(atom.base)})${atom.exponent === undefined ? '' : `^(${sumKey(atom.exponent)})`}`
    case 'function':
      return `${atom.name}(${sumKey(atom.argument)})`
  }
}

const factorsKey = (factors: ReadonlyMap<string, Factor>): string =>
  [...factors]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { exponent }]) => (equalRationals(exponent, one) ? key : `${key}^${formatRational(exponent)}`))
    .join('*')

/** The text of a sum in normal form; equal sums have equal texts. */
export function sumKey(sum: Sum): string {
  if (sum.size === 0) return '0'
  return [...sum]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { coefficient }]) => {
      if (key === '') return formatRational(coefficient)
      return equalRationals(coefficient, one) ? key : `${formatRational(coefficient)}*${key}`
    })
    .join(' + ')
}

/** A sum of one term. */
const termSum = (coefficient: Rational, factors: ReadonlyMap<string, Factor>): Sum =>
  sign(coefficient) === 0 ? zero : new Map([[factorsKey(factors), { coefficient, factors }]])

export const constant = (value: Rational): Sum => termSum(value, new Map())
export const integer = (value: bigint | number): Sum => constant(rational(BigInt(value)))
export const symbol = (name: string): Sum => atomSum({ kind: 'symbol', name })
export const atomSum = (atom: Atom, exponent: Rational = one): Sum => normalTerm(one, [{ atom, exponent }])

/** The rational number that a sum is; undefined where it is not one. */
export function rationalOf(sum: Sum): Rational | undefined {
  if (sum.size === 0) return rational(0n)
  return sum.size === 1 ? sum.get('')?.coefficient : undefined
}

export function addSums(...sums: readonly Sum[]): Sum {
  const result = new Map<string, Term>()
  for (const sum of sums) {
    for (const [key, term] of sum) {
      const coefficient = plus(result.get(key)?.coefficient ?? rational(0n), term.coefficient)
      if (sign(coefficient) === 0) result.delete(key)
      else result.set(key, { coefficient, factors: term.factors })
    }
  }
  if (result.size > limits.terms) throw new Undecided('the sum has too many terms')
  return result
}

export const scaleSum = (sum: Sum, by: Rational): Sum => multiplySums(constant(by), sum)
export const negateSum = (sum: Sum): Sum => scaleSum(sum, rational(-1n))

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

/** coefficient · Π atom^exponent in normal form: i² = −1, whole powers of primes and of roots multiplied out. */
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
    } else if (atom.kind === 'power' && atom.exponent === undefined && exponent.numerator >= exponent.denominator) {
      const whole = exponent.numerator / exponent.denominator
      if (whole > 1_000n) throw new Undecided('the power is too large')
      expanded.push(integerPower(atom.base, Number(whole)))
      const rest = plus(exponent, rational(-whole))
      if (rest.numerator === 0n) powers.delete(key)
      else powers.set(key, { atom, exponent: rest })
    }
  }
  return expanded.reduce(multiplySums, termSum(value, powers))
}
