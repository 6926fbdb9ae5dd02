import { equalRationals, rational } from '@posttrain/rewards'
import { invertConstant } from './invert.js'
import { multiplySums } from './product.js'
import { addSums, integer, negateSum, type Factor, type Sum } from './sum.js'
import { NoValue, Undecided } from '../limits/undecided.js'

/** A quotient of sums; the denominator is 1 wherever it could be removed. */
export interface Quotient {
  readonly top: Sum
  readonly bottom: Sum
}

export const whole = (top: Sum): Quotient => ({ top, bottom: integer(1) })

function isOne(sum: Sum): boolean {
  const value = sum.size === 1 ? sum.get('')?.coefficient : undefined
  return value !== undefined && value.numerator === value.denominator
}

/** 1/sum for a sum of one term: every exponent changes its sign. */
function invertTerm(sum: Sum): Sum {
  const { coefficient, factors } = [...sum.values()][0]!
  const inverse = new Map<string, Factor>()
  for (const [key, { atom, exponent }] of factors)
    inverse.set(key, { atom, exponent: rational(-exponent.numerator, exponent.denominator) })
  const value = rational(coefficient.denominator, coefficient.numerator)
  // The product with 1 brings the exponents of primes, i and roots into normal form.
  return multiplySums(integer(1), new Map([['', { coefficient: value, factors: inverse }]]))
}

/**
 * top / bottom, with the denominator removed where it is one term or a sum of radicals.
 *
 * @throws Undecided where the denominator is 0.
 */
export function quotient(top: Sum, bottom: Sum): Quotient {
  if (bottom.size === 0) throw new NoValue('a denominator is 0')
  if (bottom.size === 1) return whole(multiplySums(top, invertTerm(bottom)))
  const inverse = invertConstant(bottom)
  if (inverse !== undefined) return whole(multiplySums(top, inverse))
  const ratio = sameUpToFactor(top, bottom)
  return ratio ?? { top, bottom }
}

/** The constant that `top` is times `bottom`, where it is one. */
function sameUpToFactor(top: Sum, bottom: Sum): Quotient | undefined {
  if (top.size !== bottom.size) return undefined
  const [key, first] = [...bottom][0]!
  const other = top.get(key)
  if (other === undefined) return undefined
  const ratio = rational(
    other.coefficient.numerator * first.coefficient.denominator,
    other.coefficient.denominator * first.coefficient.numerator,
  )
  for (const [name, term] of bottom) {
    const mine = top.get(name)
    const wanted = rational(
      term.coefficient.numerator * ratio.numerator,
      term.coefficient.denominator * ratio.denominator,
    )
    if (mine === undefined || !equalRationals(mine.coefficient, wanted)) return undefined
  }
  return whole(new Map([['', { coefficient: ratio, factors: new Map() }]]))
}

export function addQuotients(a: Quotient, b: Quotient): Quotient {
  if (isOne(a.bottom) && isOne(b.bottom)) return whole(addSums(a.top, b.top))
  const top = addSums(multiplySums(a.top, b.bottom), multiplySums(b.top, a.bottom))
  return quotient(top, multiplySums(a.bottom, b.bottom))
}

export const negate = (a: Quotient): Quotient => ({ top: negateSum(a.top), bottom: a.bottom })
export const multiply = (a: Quotient, b: Quotient): Quotient =>
  quotient(multiplySums(a.top, b.top), multiplySums(a.bottom, b.bottom))
export const divide = (a: Quotient, b: Quotient): Quotient =>
  quotient(multiplySums(a.top, b.bottom), multiplySums(a.bottom, b.top))

/** The sum that a quotient is. @throws Undecided where a denominator is left. */
export function sumOf(value: Quotient): Sum {
  if (!isOne(value.bottom)) throw new Undecided('a denominator stands where only a sum can be read')
  return value.top
}
