import { rational } from '@posttrain/rewards'
import { enclose } from './enclose.js'
import { isOutweighed } from './logarithm.js'
import { isZeroByBound } from './root-bound.js'
import { isWave } from './trigonometry.js'
import { timesFactor, atomSum, multiplySums } from './product.js'
import { isInteger, type Atom, type Sum } from './sum.js'

/** The precisions, in bits, at which a difference is enclosed: one that is cheap, and one for close values. */
const [coarse, fine] = [128, 2_048]
/** Sevenths at which variables are tried: 11/7, 13/7 and so on, another for each variable, and −11/7, −13/7. */
const points = [11n, 17n, 29n, -11n]

const isHuge = (atom: Atom): boolean =>
  (atom.kind === 'function' && atom.name === 'factorial' && isLarge(atom.argument)) ||
  (atom.kind === 'power' && atom.exponent !== undefined && growsBeyond(atom.base, atom.exponent))

/** Whether a sum is one term that is certainly a large positive number. */
function isLarge(sum: Sum): boolean {
  if (sum.size !== 1) return false
  const { coefficient, factors } = [...sum.values()][0]!
  if (factors.size === 0) return coefficient.numerator > 1_000n * coefficient.denominator
  if (coefficient.numerator < coefficient.denominator) return false
  return [...factors.values()].every(({ atom, exponent }) => isHuge(atom) && exponent.numerator >= exponent.denominator)
}

/** Whether base^exponent is certainly above 2^10⁶: base ≥ 2, and one positive term with a prime to a large power. */
function growsBeyond(base: Sum, exponent: Sum): boolean {
  const atLeast2 =
    base.size === 1 && (base.get('')?.coefficient.numerator ?? 0n) >= 2n * (base.get('')?.coefficient.denominator ?? 1n)
  if (!atLeast2 || exponent.size !== 1) return false
  const { coefficient, factors } = [...exponent.values()][0]!
  const positive = coefficient.numerator >= coefficient.denominator
  return (
    positive &&
    [...factors.values()].every(
      ({ atom, exponent: e }) =>
        (atom.kind === 'prime' && e.numerator > 20n * e.denominator) || (isHuge(atom) && e.numerator >= e.denominator),
    )
  )
}

/** Whether one term is so large that the others, plain rational numbers, cannot cancel it. */
function isDominated(sum: Sum): boolean {
  const rest = [...sum].filter(([key]) => key !== '')
  if (rest.length !== 1) return false
  const factors = [...rest[0]![1].factors.values()]
  return factors.every(
    ({ atom, exponent }) =>
      (isHuge(atom) && exponent.numerator >= exponent.denominator) ||
      (atom.kind === 'prime' && exponent.numerator > 40_000n * exponent.denominator),
  )
}

/**
 * Whether a sum in normal form is 0; undefined where that is not known.
 *
 * Sums of radicals of primes, of i, of variables and of one of π and e are 0 only where they have no term: radicals of
 * distinct primes are linearly independent over the rationals, and π and e are transcendental. Other sums are proved to
 * differ from 0 by an interval without 0, with variables at rational points.
 */
export function isZero(sum: Sum): boolean | undefined {
  if (sum.size === 0) return true
  if (isIndependent(sum) || isIndependent(withoutCommonPowers(sum)) || isDominated(sum)) return false
  if ([...sum.values()].some(({ factors }) => [...factors.values()].some(({ atom }) => holdsI(atom)))) return undefined
  // A root of i has a real and an imaginary part of its own, which are not taken apart here.
  if ([...sum.values()].some(({ factors }) => factors.has('i') && !isInteger(factors.get('i')!.exponent))) {
    return undefined
  }
  const real = new Map([...sum].filter(([, { factors }]) => !factors.has('i')))
  const imaginary = new Map(
    [...sum]
      .filter(([, { factors }]) => factors.has('i'))
      .map(([key, term]) => {
        const factors = new Map([...term.factors].filter(([name]) => name !== 'i'))
        return [key, { coefficient: term.coefficient, factors }] as const
      }),
  )
  const parts = [real, imaginary].map(isZeroPart)
  return parts.includes(false) ? false : parts.every((zero) => zero === true) ? true : undefined
}

/** Whether i stands within an atom, whose real and imaginary parts are then not known. */
function holdsI(atom: Atom): boolean {
  const within = (sum: Sum): boolean =>
    [...sum.values()].some(({ factors }) => [...factors].some(([key, factor]) => key === 'i' || holdsI(factor.atom)))
  if (atom.kind === 'function') return within(atom.argument)
  return atom.kind === 'power' && (within(atom.base) || (atom.exponent !== undefined && within(atom.exponent)))
}

/** Whether a sum without i, variables being real, is 0. */
function isZeroPart(sum: Sum): boolean | undefined {
  if (sum.size === 0) return true
  if (isSeparated(sum, coarse) || isOutweighed(sum)) return false
  const cleared = withoutInverses(sum)
  if (cleared !== sum) return isZeroPart(cleared)
  const proved = variableNames(sum).size === 0 ? isZeroByBound(sum) : undefined
  return proved ?? (isSeparated(sum, fine) ? false : undefined)
}

/** The sum times the powers of sines and cosines that stand below a fraction line: a function, 0 only where it is. */
function withoutInverses(sum: Sum): Sum {
  for (const { factors } of sum.values())
    for (const { atom, exponent } of factors.values())
      if (isWave(atom) && exponent.numerator < 0n)
        return withoutInverses(
          timesFactor(sum, { atom, exponent: rational(-exponent.numerator, exponent.denominator) }),
        )
  return sum
}

/** Primes, powers and factorials. */
const isNeverZero = (atom: Atom): boolean =>
  atom.kind === 'prime' ||
  (atom.kind === 'power' && atom.exponent !== undefined) ||
  (atom.kind === 'function' && atom.name === 'factorial')

/** The sum divided by the largest powers of what is never 0 that divide each term, which is 0 only where the sum is. */
function withoutCommonPowers(sum: Sum): Sum {
  const all = [...sum.values()]
  let result = sum
  for (const [key, { atom, exponent }] of all[0]!.factors) {
    if (!isNeverZero(atom) || all.some(({ factors }) => !factors.has(key))) continue
    const least = all
      .map(({ factors }) => factors.get(key)!.exponent)
      .reduce((a, b) => (a.numerator * b.denominator < b.numerator * a.denominator ? a : b), exponent)
    result = multiplySums(result, atomSum(atom, rational(-least.numerator, least.denominator)))
  }
  return result
}

function isIndependent(sum: Sum): boolean {
  const transcendental = new Set<string>()
  for (const { factors } of sum.values()) {
    for (const { atom, exponent } of factors.values()) {
      if (atom.kind === 'symbol') {
        if (atom.name === 'π' || atom.name === 'e') transcendental.add(atom.name)
        else if (!isInteger(exponent) && (atom.name === 'i' || exponent.denominator > 64n)) return false
      } else if (atom.kind !== 'prime') return false
      else if (exponent.numerator < 0n || exponent.numerator >= exponent.denominator) return false
    }
  }
  return transcendental.size < 2
}

/** Whether an enclosure at one of the points leaves out 0. */
function isSeparated(sum: Sum, bits: number): boolean {
  const names = [...variableNames(sum)].sort()
  return points.some((point) => {
    const step = point < 0n ? -2n : 2n
    const variables = new Map(names.map((name, at) => [name, point + step * BigInt(at)]))
    const interval = enclose(sum, bits, variables)
    return interval !== undefined && (interval.low > 0n || interval.high < 0n)
  })
}

/** The names of the variables of a sum. */
export function variableNames(sum: Sum, names: Set<string> = new Set()): Set<string> {
  for (const { factors } of sum.values()) {
    for (const { atom } of factors.values()) {
      if (atom.kind === 'symbol' && !['π', 'e', 'i'].includes(atom.name)) names.add(atom.name)
      else if (atom.kind === 'function') variableNames(atom.argument, names)
      else if (atom.kind === 'power')
        [atom.base, ...(atom.exponent ? [atom.exponent] : [])].forEach((s) => variableNames(s, names))
    }
  }
  return names
}
