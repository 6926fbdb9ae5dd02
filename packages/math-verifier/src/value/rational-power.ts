import { rational, type Rational } from '@posttrain/rewards'
import { primesOf } from './integers.js'
import { atomSum, multiplySums } from './product.js'
import { constant, integer, isInteger, times, type Sum } from './sum.js'
import { bitLength, limits } from '../limits/undecided.js'

/** qʳ for a positive rational q, as a product of powers of primes; a power of its own where q is not factored. */
export function rationalToPower(value: Rational, exponent: Rational): Sum {
  const length = BigInt(Math.max(bitLength(value.numerator), bitLength(value.denominator)))
  if (isInteger(exponent) && exponent.numerator >= 0n && exponent.numerator * length <= BigInt(limits.bits))
    return constant(rational(value.numerator ** exponent.numerator, value.denominator ** exponent.numerator))
  const primes = primesOf(value)
  if (primes === undefined) return atomSum({ kind: 'power', base: constant(value) }, exponent)
  return primes.reduce(
    (product, [prime, count]) =>
      multiplySums(product, atomSum({ kind: 'prime', prime }, times(exponent, rational(BigInt(count))))),
    integer(1),
  )
}
