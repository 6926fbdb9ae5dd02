import { rational, type Rational } from '@posttrain/rewards'
import { divide, multiply, quotient, sumOf, whole, type Quotient } from './quotient.js'
import { exactRoot, primeFactors } from './integers.js'
import {
  addSums,
  atomSum,
  constant,
  integer,
  integerPower,
  isInteger,
  multiplySums,
  negateSum,
  plus,
  rationalOf,
  scaleSum,
  symbol,
  times,
  type Factor,
  type Sum,
} from './sum.js'
import { cosine } from './trigonometry.js'
import { Undecided } from '../limits/undecided.js'

/** base^exponent. @throws Undecided for 0 to a power that is not positive, and for negative numbers to a fraction. */
export function power(base: Quotient, exponent: Quotient): Quotient {
  const degree = sumOf(exponent)
  const value = rationalOf(degree)
  if (value !== undefined) return rationalPower(base, value)
  return symbolicPower(sumOf(base), degree)
}

function rationalPower(base: Quotient, exponent: Rational): Quotient {
  if (base.top.size === 0) {
    if (exponent.numerator > 0n) return whole(new Map())
    throw new Undecided('0 has no such power')
  }
  if (exponent.numerator < 0n) {
    const inverse = rational(-exponent.numerator, exponent.denominator)
    return divide(whole(integer(1)), rationalPower(base, inverse))
  }
  const { top, bottom } = base
  if (isInteger(exponent)) return quotient(naturalPower(top, exponent), naturalPower(bottom, exponent))
  return whole(fractionalPower(sumOf(base), exponent))
}

function naturalPower(base: Sum, exponent: Rational): Sum {
  const value = rationalOf(base)
  if (value !== undefined && value.numerator > 0n) return rationalToPower(value, exponent)
  if (base.size === 1) {
    const { coefficient, factors } = [...base.values()][0]!
    const odd = exponent.numerator % 2n === 1n
    const sign = coefficient.numerator < 0n && odd ? -1n : 1n
    const size = rational(
      coefficient.numerator < 0n ? -coefficient.numerator : coefficient.numerator,
      coefficient.denominator,
    )
    const raised = [...factors.values()].map((factor) => raisedFactor(factor, exponent))
    return [rationalToPower(size, exponent), integer(sign), ...raised].reduce(multiplySums)
  }
  if (exponent.numerator <= 30n) return integerPower(base, Number(exponent.numerator))
  // Not expanded: the power is an atom of its own. (x + y)^61 is never multiplied out.
  return atomSum({ kind: 'power', base, exponent: constant(exponent) })
}

const raisedFactor = ({ atom, exponent }: Factor, by: Rational): Sum => atomSum(atom, times(exponent, by))

/** qʳ for a positive rational q, as a product of primes to rational powers. */
function rationalToPower(value: Rational, exponent: Rational): Sum {
  const primes = [
    ...primeFactors(value.numerator),
    ...primeFactors(value.denominator).map(([prime, times]) => [prime, -times] as const),
  ]
  return primes.reduce(
    (product, [prime, count]) =>
      multiplySums(product, atomSum({ kind: 'prime', prime }, times(exponent, rational(BigInt(count))))),
    integer(1),
  )
}

/** base^(p/q) for a base other than 0: roots of positive factors are taken apart, others stay one root. */
function fractionalPower(base: Sum, exponent: Rational): Sum {
  const value = rationalOf(base)
  if (value !== undefined) {
    if (value.numerator > 0n) return rationalToPower(value, exponent)
    if (exponent.denominator !== 2n) throw new Undecided('a root of a negative number has several values')
    const size = rationalToPower(rational(-value.numerator, value.denominator), exponent)
    const turns = exponent.numerator % 4n
    return multiplySums(size, turns === 1n ? symbol('i') : negateSum(symbol('i')))
  }
  if (base.size === 1) {
    const { coefficient, factors } = [...base.values()][0]!
    const only = [...factors.values()]
    const positive = only.every(
      ({ atom }) => atom.kind === 'prime' || (atom.kind === 'symbol' && isPositive(atom.name)),
    )
    const single = only.length === 1 && only[0]!.atom.kind === 'symbol' && isInteger(only[0]!.exponent)
    if (coefficient.numerator > 0n && (positive || (single && only[0]!.exponent.numerator === 1n)))
      return only
        .map((factor) => raisedFactor(factor, exponent))
        .reduce(multiplySums, rationalToPower(coefficient, exponent))
  }
  const simpler = exponent.denominator === 2n ? denested(base) : undefined
  if (simpler !== undefined) return integerPower(simpler, Number(exponent.numerator))
  return atomSum({ kind: 'power', base }, exponent)
}

const isPositive = (name: string): boolean => name === 'π' || name === 'e'

/**
 * √(a + b√r) as √x ± √y with x, y = (a ± √(a² − b²r))/2, where a² − b²r is the square of a rational number.
 *
 * Undefined where it is not, or where x or y would be negative.
 */
function denested(base: Sum): Sum | undefined {
  const a = base.get('')?.coefficient
  const rest = addSums(base, a === undefined ? new Map() : constant(rational(-a.numerator, a.denominator)))
  if (a === undefined || a.numerator <= 0n || rest.size !== 1) return undefined
  const square = rationalOf(multiplySums(rest, rest))
  if (square === undefined) return undefined
  const gap = plus(times(a, a), rational(-square.numerator, square.denominator))
  if (gap.numerator < 0n) return undefined
  const [n, d] = [exactRoot(gap.numerator, 2), exactRoot(gap.denominator, 2)]
  if (n === undefined || d === undefined) return undefined
  const half = rational(1n, 2n)
  const roots = [rational(n, d), rational(-n, d)].map((t) => rationalToPower(times(plus(a, t), half), half))
  const negative = [...rest.values()][0]!.coefficient.numerator < 0n
  return addSums(roots[0]!, negative ? negateSum(roots[1]!) : roots[1]!)
}

/** The real root of a base: of a negative rational number, the negative one where the degree is odd. */
export function root(base: Quotient, degree: Quotient): Quotient {
  const k = rationalOf(sumOf(degree))
  if (k === undefined || !isInteger(k) || k.numerator < 2n) throw new Undecided('a root has a degree of 2 or more')
  const value = rationalOf(sumOf(base))
  const exponent = rational(1n, k.numerator)
  if (value !== undefined && value.numerator < 0n && k.numerator % 2n === 1n)
    return whole(negateSum(rationalToPower(rational(-value.numerator, value.denominator), exponent)))
  return rationalPower(base, exponent)
}

/** base^(sum of terms) = Π base^term: rational parts become exponents, the other terms atoms. */
function symbolicPower(base: Sum, exponent: Sum): Quotient {
  const single = base.size === 1 ? [...base.values()][0]! : undefined
  const factors = single === undefined ? [] : [...single.factors.values()]
  const value = rationalOf(base)
  if (value !== undefined && value.numerator > 0n) {
    const primes = [
      ...primeFactors(value.numerator),
      ...primeFactors(value.denominator).map(([prime, count]) => [prime, -count] as const),
    ]
    return primes
      .map(([prime, count]) => primitivePower(integer(prime), scaleSum(exponent, rational(BigInt(count)))))
      .reduce(multiply, whole(integer(1)))
  }
  const plain =
    factors.length === 1 &&
    single!.coefficient.numerator === single!.coefficient.denominator &&
    factors[0]!.atom.kind === 'symbol' &&
    factors[0]!.exponent.numerator === factors[0]!.exponent.denominator
  if (plain) return primitivePower(base, exponent)
  return whole(atomSum({ kind: 'power', base, exponent }))
}

function primitivePower(base: Sum, exponent: Sum): Quotient {
  const isE = base.has('e')
  return [...exponent]
    .map(([key, { coefficient, factors }]): Quotient => {
      if (key === '') return rationalPower(whole(base), coefficient)
      if (isE && key === 'i*π') return turn(coefficient)
      const unit: Sum = new Map([[key, { coefficient: rational(1n), factors }]])
      return whole(atomSum({ kind: 'power', base, exponent: unit }, coefficient))
    })
    .reduce(multiply, whole(integer(1)))
}

/** e^(iπq) = cos πq + i sin πq. */
function turn(q: Rational): Quotient {
  const pi = symbol('π')
  const quarter = plus(rational(1n, 2n), rational(-q.numerator, q.denominator))
  return whole(addSums(cosine(scaleSum(pi, q)), multiplySums(symbol('i'), cosine(scaleSum(pi, quarter)))))
}
