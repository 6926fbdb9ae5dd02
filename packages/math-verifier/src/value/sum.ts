import { applyOperator, equalRationals, formatRational, rational, type Rational } from '@posttrain/rewards'
import { bitLength, limits, Undecided } from '../limits/undecided.js'

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
export const termSum = (coefficient: Rational, factors: ReadonlyMap<string, Factor>): Sum =>
  sign(coefficient) === 0 ? zero : new Map([[factorsKey(factors), { coefficient, factors }]])

export const constant = (value: Rational): Sum => termSum(value, new Map())
export const integer = (value: bigint | number): Sum => constant(rational(BigInt(value)))

/** One atom to a power that is in normal form: 0 < exponent < 1 for a prime. */
export const factorSum = (atom: Atom, exponent: Rational = one): Sum =>
  termSum(one, new Map([[atomKey(atom), { atom, exponent }]]))
export const symbol = (name: string): Sum => factorSum({ kind: 'symbol', name })

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

/** The sum with each coefficient multiplied. */
export function scaleSum(sum: Sum, by: Rational): Sum {
  if (sign(by) === 0) return zero
  return new Map(
    [...sum].map(([key, { coefficient, factors }]) => [key, { coefficient: times(coefficient, by), factors }]),
  )
}
export const negateSum = (sum: Sum): Sum => scaleSum(sum, rational(-1n))
