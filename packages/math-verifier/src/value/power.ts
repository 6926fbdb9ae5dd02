import { rational, type Rational } from '@posttrain/rewards'
import { primesOf } from './integers.js'
import { divide, multiply, quotient, sumOf, whole, type Quotient } from './quotient.js'
import { fractionalPower } from './radical.js'
import { rationalToPower } from './rational-power.js'
import { cosine, inverseOf, sine } from './trigonometry.js'
import { atomSum, integerPower, multiplySums } from './product.js'
import {
  addSums,
  constant,
  integer,
  isInteger,
  negateSum,
  rationalOf,
  scaleSum,
  symbol,
  termSum,
  times,
  type Factor,
  type Sum,
} from './sum.js'
import { NoValue, Undecided } from '../limits/undecided.js'

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
    throw exponent.numerator < 0n ? new NoValue('0 has no such power') : new Undecided('0^0 is a matter of convention')
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

/** The real root of a base: of a negative rational number, the negative one where the degree is odd. */
export function root(base: Quotient, degree: Quotient): Quotient {
  const k = rationalOf(sumOf(degree))
  if (k === undefined || !isInteger(k) || k.numerator < 2n) throw new NoValue('a root has a degree of 2 or more')
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
    const primes = primesOf(value)
    if (primes === undefined) return whole(atomSum({ kind: 'power', base, exponent }))
    return primes
      .map(([prime, count]) => primitivePower(integer(prime), scaleSum(exponent, rational(BigInt(count)))))
      .reduce(multiply, whole(integer(1)))
  }
  if (value !== undefined && value.numerator < 0n) {
    // A negative number has such powers for integers only, and for these (−a)ⁿ = (−1)ⁿ aⁿ.
    const positive = symbolicPower(negateSum(base), exponent)
    return multiply(primitivePower(integer(-1), exponent), positive)
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
      const unit: Sum = new Map([[key, { coefficient: rational(1n), factors }]])
      const real = isE ? realPower(factors, coefficient) : undefined
      return real === undefined ? whole(atomSum({ kind: 'power', base, exponent: unit }, coefficient)) : whole(real)
    })
    .reduce(multiply, whole(integer(1)))
}

/** e^(c·factors) where it is known by other functions: e^(iθ) = cos θ + i sin θ, and e^(c ln x) = x^c. */
function realPower(factors: ReadonlyMap<string, Factor>, coefficient: Rational): Sum | undefined {
  if (factors.has('i')) {
    const angle = termSum(coefficient, new Map([...factors].filter(([key]) => key !== 'i')))
    return addSums(cosine(angle), multiplySums(symbol('i'), sine(angle)))
  }
  const logarithm = inverseOf('ln', termSum(rational(1n), factors))
  if (logarithm === undefined) return undefined
  return sumOf(rationalPower(whole(logarithm), coefficient))
}
