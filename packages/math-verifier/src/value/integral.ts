import { rational, type Rational } from '@posttrain/rewards'
import { naturalLogarithm } from './functions.js'
import { atomHolds } from './holds.js'
import { power } from './power.js'
import { atomSum } from './product.js'
import { addQuotients, divide, multiply, negate, sumOf, whole, type Quotient } from './quotient.js'
import { orderOf } from './sign.js'
import { constant, integer, one, plus, type Factor, type Sum } from './sum.js'
import { cosine, sine } from './trigonometry.js'
import { Undecided } from '../limits/undecided.js'

type Antiderivative = (at: Quotient) => Quotient

/**
 * The integral of a sum of powers, sines and cosines of linear arguments, and exponentials, between finite ends.
 *
 * @throws Undecided for what has no such antiderivative, and for infinite ends.
 */
export function integral(body: Quotient, name: string, from: Quotient, to: Quotient | undefined): Quotient {
  if (to === undefined) throw new Undecided('an integral to infinity')
  return [...sumOf(body).values()].reduce(
    (total, { coefficient, factors }) => {
      const [inside, outside] = [true, false].map((holds) =>
        [...factors.values()].filter(({ atom }) => atomHolds(atom, name) === holds),
      )
      if (inside!.length > 1) throw new Undecided('an integral of a product')
      const antiderivative = inside!.length === 0 ? ofPower(rational(0n)) : ofFactor(inside![0]!, name, from, to)
      const outer = outside!.map(({ atom, exponent }) => whole(atomSum(atom, exponent)))
      const difference = addQuotients(antiderivative(to), negate(antiderivative(from)))
      return addQuotients(total, [whole(constant(coefficient)), ...outer, difference].reduce(multiply))
    },
    whole(integer(0)),
  )
}

/** xⁿ⁺¹/(n + 1). */
function ofPower(exponent: Rational): Antiderivative {
  const next = constant(plus(exponent, one))
  return (at) => divide(power(at, whole(next)), whole(next))
}

function ofFactor({ atom, exponent }: Factor, name: string, from: Quotient, to: Quotient): Antiderivative {
  if (atom.kind === 'symbol') {
    if (exponent.numerator >= 0n) return ofPower(exponent)
    if (orderOf(from, whole(integer(0))) <= 0 || orderOf(to, whole(integer(0))) <= 0)
      throw new Undecided('an integral over a pole')
    return exponent.numerator === -exponent.denominator ? naturalLogarithm : ofPower(exponent)
  }
  if (atom.kind === 'function' && exponent.numerator === exponent.denominator) {
    const [slope, shift] = linear(atom.argument, name)
    const argument = (at: Quotient): Sum => sumOf(addQuotients(multiply(at, whole(slope)), whole(shift)))
    if (atom.name === 'cos') return (at) => divide(whole(sine(argument(at))), whole(slope))
    if (atom.name === 'sin') return (at) => negate(divide(whole(cosine(argument(at))), whole(slope)))
  }
  if (atom.kind === 'power' && atom.exponent !== undefined && !atomHolds({ ...atom, exponent: integer(0) }, name)) {
    // b^(cx) / (c ln b)
    const [slope] = linear(atom.exponent, name)
    const rate = multiply(whole(slope), whole(constant(exponent)))
    const base = whole(atom.base)
    return (at) => divide(power(base, multiply(at, rate)), multiply(rate, naturalLogarithm(base)))
  }
  throw new Undecided('an integral that is not known')
}

/** The slope and the constant of a linear argument. */
function linear(argument: Sum, name: string): readonly [slope: Sum, shift: Sum] {
  const slope = argument.get(name)?.coefficient
  const shift: Sum = new Map([...argument].filter(([key]) => key !== name))
  const holds = [...shift.values()].some(({ factors }) =>
    [...factors.values()].some(({ atom }) => atomHolds(atom, name)),
  )
  if (slope === undefined || holds) throw new Undecided('an integral whose argument is not linear')
  return [constant(slope), shift]
}
