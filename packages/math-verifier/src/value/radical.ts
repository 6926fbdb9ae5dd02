import { rational, type Rational } from '@posttrain/rewards'
import { exactRoot } from './integers.js'
import { rationalToPower } from './rational-power.js'
import { atomSum, integerPower, multiplySums } from './product.js'
import {
  addSums,
  constant,
  factorSum,
  isInteger,
  negateSum,
  one,
  plus,
  rationalOf,
  scaleSum,
  symbol,
  times,
  type Atom,
  type Sum,
  type Term,
} from './sum.js'
import { Undecided } from '../limits/undecided.js'

/** base^(p/q) for a base other than 0: roots of positive factors are taken apart, others stay one root. */
export function fractionalPower(base: Sum, exponent: Rational): Sum {
  const value = rationalOf(base)
  if (value !== undefined) {
    if (value.numerator > 0n) return rationalToPower(value, exponent)
    if (exponent.denominator !== 2n) throw new Undecided('a root of a negative number has several values')
    const size = rationalToPower(rational(-value.numerator, value.denominator), exponent)
    const turns = exponent.numerator % 4n
    return multiplySums(size, turns === 1n ? symbol('i') : negateSum(symbol('i')))
  }
  const complex = exponent.denominator === 2n ? complexRoot(base) : undefined
  if (complex !== undefined) return integerPower(complex, Number(exponent.numerator))
  if (base.size === 1) {
    const { coefficient, factors } = [...base.values()][0]!
    const only = [...factors.values()]
    const positive = only.every(
      ({ atom }) => atom.kind === 'prime' || (atom.kind === 'symbol' && isPositive(atom.name)),
    )
    const single = only.length === 1 && only[0]!.atom.kind === 'symbol' && isInteger(only[0]!.exponent)
    if (coefficient.numerator > 0n && (positive || (single && only[0]!.exponent.numerator === 1n)))
      return only
        .map((factor) => atomSum(factor.atom, times(factor.exponent, exponent)))
        .reduce(multiplySums, rationalToPower(coefficient, exponent))
  }
  const even = base.size === 1 ? evenRoot([...base.values()][0]!, exponent) : undefined
  if (even !== undefined) return even
  const simpler = exponent.denominator === 2n ? denested(base) : undefined
  if (simpler !== undefined) return integerPower(simpler, Number(exponent.numerator))
  return atomSum({ kind: 'power', base }, exponent)
}

/** (c·x²ᵏ)^(p/2) = c^(p/2) |x|^(kp) for a real variable x and c > 0. */
function evenRoot({ coefficient, factors }: Term, exponent: Rational): Sum | undefined {
  const [{ atom, exponent: power } = { atom: undefined, exponent: one }, ...others] = [...factors.values()]
  if (atom?.kind !== 'symbol' || others.length > 0 || atom.name === 'i' || coefficient.numerator <= 0n) return undefined
  if (!isInteger(power) || power.numerator % 2n !== 0n || exponent.denominator !== 2n) return undefined
  const total = rational((power.numerator / 2n) * exponent.numerator)
  const base: Atom = total.numerator % 2n === 0n ? atom : { kind: 'function', name: 'abs', argument: factorSum(atom) }
  return multiplySums(rationalToPower(coefficient, exponent), atomSum(base, total))
}

const isPositive = (name: string): boolean => name === 'π' || name === 'e'

/** √(a + bi) = √((r + a)/2) ± i √((r − a)/2) with r = |a + bi| and the sign of b, for rational a and b. */
function complexRoot(base: Sum): Sum | undefined {
  const [a, b] = [base.get('')?.coefficient ?? rational(0n), base.get('i')?.coefficient]
  if (b === undefined || base.size > (base.has('') ? 2 : 1)) return undefined
  const half = rational(1n, 2n)
  const size = fractionalPower(constant(plus(times(a, a), times(b, b))), half)
  const [real, imaginary] = [a, times(a, rational(-1n))].map((part) =>
    fractionalPower(scaleSum(addSums(size, constant(part)), half), half),
  )
  const turned = multiplySums(symbol('i'), imaginary!)
  return addSums(real!, b.numerator < 0n ? negateSum(turned) : turned)
}

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
