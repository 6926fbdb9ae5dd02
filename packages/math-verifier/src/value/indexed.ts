import { rational, type Rational } from '@posttrain/rewards'
import { atomHolds } from './holds.js'
import { power } from './power.js'
import { atomSum } from './product.js'
import { addQuotients, divide, multiply, negate, sumOf, whole, type Quotient } from './quotient.js'
import { constant, integer, isInteger, one, rationalOf, type Term } from './sum.js'
import { limits, Undecided } from '../limits/undecided.js'

/**
 * Σ or Π over an index: term by term between integers; in closed form for Σ of powers of the index and of geometric
 * terms, with an end that is any expression, or infinite.
 *
 * @param body the term at a value of the index, or with the index as a variable
 * @param to undefined for ∞
 */
export function indexed(
  kind: 'sum' | 'product',
  name: string,
  body: (index?: Quotient) => Quotient,
  from: Quotient,
  to: Quotient | undefined,
): Quotient {
  const [low, high] = [from, to].map((end) => end && rationalOf(sumOf(end)))
  if (low === undefined || !isInteger(low)) throw new Undecided('a sum that does not start at an integer')
  if (high !== undefined && isInteger(high) && high.numerator - low.numerator < BigInt(limits.summands)) {
    let value = whole(integer(kind === 'sum' ? 0 : 1))
    for (let k = low.numerator; k <= high.numerator; k++)
      value = (kind === 'sum' ? addQuotients : multiply)(value, body(whole(integer(k))))
    return value
  }
  if (high !== undefined && !isInteger(high)) throw new Undecided('a sum that does not end at an integer')
  if (kind === 'product') throw new Undecided('a product of too many factors')
  return [...sumOf(body()).values()]
    .map((term) => closedForm(term, name, from, to))
    .reduce(addQuotients, whole(integer(0)))
}

/** Σ c·kᵈ or Σ c·rᵏ for k from a to n. */
function closedForm({ coefficient, factors }: Term, name: string, from: Quotient, to: Quotient | undefined): Quotient {
  let outer = whole(constant(coefficient))
  let degree = 0
  let ratio: Rational = one
  for (const { atom, exponent } of factors.values()) {
    if (!atomHolds(atom, name)) outer = multiply(outer, whole(atomSum(atom, exponent)))
    else if (atom.kind === 'symbol' && isInteger(exponent) && exponent.numerator > 0n && exponent.numerator <= 12n)
      degree = Number(exponent.numerator)
    else {
      const base = atom.kind === 'power' ? rationalOf(atom.base) : undefined
      const isIndex =
        atom.kind === 'power' && atom.exponent?.size === 1 && atom.exponent.get(name)?.coefficient.numerator === 1n
      if (base === undefined || !isIndex || !isInteger(exponent)) throw new Undecided('a sum without a closed form')
      const value = rationalOf(sumOf(power(whole(constant(base)), whole(constant(exponent)))))
      if (value === undefined) throw new Undecided('a sum without a closed form')
      ratio = rational(ratio.numerator * value.numerator, ratio.denominator * value.denominator)
    }
  }
  const plain = ratio.numerator === ratio.denominator
  if (!plain && degree > 0) throw new Undecided('a sum of powers times geometric terms')
  if (!plain) return multiply(outer, geometric(ratio, from, to))
  if (to === undefined) throw new Undecided('a sum that has no bound')
  const before = addQuotients(from, whole(integer(-1)))
  return multiply(outer, addQuotients(powerSum(degree, to), negate(powerSum(degree, before))))
}

/** (r^a − r^(n + 1)) / (1 − r); without the second power for n = ∞ and |r| < 1. */
function geometric(ratio: Rational, from: Quotient, to: Quotient | undefined): Quotient {
  const { numerator: n, denominator: d } = ratio
  if (to === undefined && (n < 0n ? -n : n) >= d) throw new Undecided('a sum that has no bound')
  const base = whole(constant(ratio))
  const first = power(base, from)
  const last = to === undefined ? whole(integer(0)) : power(base, addQuotients(to, whole(integer(1))))
  return divide(addQuotients(first, negate(last)), addQuotients(whole(integer(1)), negate(base)))
}

/** 1ᵈ + 2ᵈ + … + nᵈ, from (d + 1) S_d = (n + 1)^(d + 1) − 1 − Σ_{j<d} C(d + 1, j) S_j. */
function powerSum(degree: number, n: Quotient): Quotient {
  const next = addQuotients(n, whole(integer(1)))
  const sums: Quotient[] = []
  for (let d = 0; d <= degree; d++) {
    let value = addQuotients(power(next, whole(integer(d + 1))), whole(integer(-1)))
    let binomial = 1
    for (const [j, sum] of sums.entries()) {
      value = addQuotients(value, negate(multiply(whole(integer(binomial)), sum)))
      binomial = (binomial * (d + 1 - j)) / (j + 1)
    }
    sums.push(divide(value, whole(integer(d + 1))))
  }
  return sums[degree]!
}
