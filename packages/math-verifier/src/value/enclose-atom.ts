import { rational, type Rational } from '@posttrain/rewards'
import { multiplyIntervals, rootInterval, scaled, type Interval } from './interval.js'
import type { Atom, Sum } from './sum.js'
import { spend } from '../limits/undecided.js'

/** The largest number whose sine or exponential is enclosed. */
const largest = 1n << 10n

type Variables = ReadonlyMap<string, bigint> | undefined

/** An enclosure of an atom, by that of the sums in it; undefined where there is none. */
export function enclosedAtom(
  atom: Atom,
  bits: number,
  variables: Variables,
  enclose: (sum: Sum) => Interval | undefined,
): Interval | undefined {
  switch (atom.kind) {
    case 'prime':
      return scaled(rational(atom.prime), bits)
    case 'symbol': {
      if (atom.name === 'π') return pi(bits)
      if (atom.name === 'e') return exponential({ low: 1n << BigInt(bits), high: 1n << BigInt(bits) }, bits)
      const value = variables?.get(atom.name)
      return value === undefined ? undefined : scaled(rational(value, 7n), bits)
    }
    case 'power': {
      const base = enclose(atom.base)
      if (base === undefined || atom.exponent === undefined) return base
      const exponent = enclose(atom.exponent)
      const logarithm = base.low > 0n ? enclosedLogarithm(base, bits) : undefined
      if (exponent === undefined || logarithm === undefined) return undefined
      return exponential(multiplyIntervals(exponent, logarithm, bits), bits)
    }
    case 'function': {
      const argument = enclose(atom.argument)
      if (argument === undefined) return undefined
      if (atom.name === 'sin' || atom.name === 'cos') return wave(argument, atom.name === 'cos', bits)
      if (atom.name === 'ln') return argument.low > 0n ? enclosedLogarithm(argument, bits) : undefined
      if (atom.name === 'abs') return absolute(argument)
      return undefined
    }
  }
}

/** a^q: by roots, and by exp(q ln a) where the root is of a high degree. */
export function enclosedPower(a: Interval, exponent: Rational, bits: number): Interval | undefined {
  if (exponent.denominator <= 64n || a.low <= 0n) return rootInterval(a, exponent, bits)
  return exponential(multiplyIntervals(scaled(exponent, bits), enclosedLogarithm(a, bits), bits), bits)
}

function absolute({ low, high }: Interval): Interval {
  if (low >= 0n) return { low, high }
  if (high <= 0n) return { low: -high, high: -low }
  return { low: 0n, high: -low > high ? -low : high }
}

/** Σ of a power series whose terms are `next` of the term before, in units of 2^−bits, until they are below a unit. */
function series(first: bigint, next: (term: bigint, index: bigint) => bigint): { sum: bigint; steps: bigint } {
  let [sum, term, index] = [first, first, 1n]
  for (; term !== 0n && term !== -1n; index++) {
    spend(8)
    term = next(term, index)
    sum += term
  }
  return { sum, steps: index + 2n }
}

/** sin or cos by its series at the middle; the derivative is at most 1, so the argument's width bounds the error. */
function wave({ low, high }: Interval, even: boolean, bits: number): Interval | undefined {
  const guard = 2048n
  const places = BigInt(bits) + guard
  const bound = largest << BigInt(bits)
  if (low < -bound || high > bound) return undefined
  const x = ((low + high) << guard) >> 1n
  const square = (x * x) >> places
  const offset = even ? -1n : 0n
  const { sum, steps } = series(even ? 1n << places : x, (term, k) => {
    const factor = 2n * k + offset
    return -((term * square) >> places) / (factor * (factor + 1n))
  })
  // Each step loses at most e^|x| units of 2^−places, which the guard of 2,048 bits holds for |x| ≤ 1,024.
  const slack = (high - low) / 2n + 2n + (steps >> guard)
  const middle = sum >> guard
  return { low: middle - slack, high: middle + slack }
}

/** exp by its series at x/2^k, squared k times, at both ends. */
function exponential({ low, high }: Interval, bits: number): Interval | undefined {
  const bound = largest << BigInt(bits)
  if (low < -bound || high > bound) return undefined
  const at = (end: bigint, up: boolean): bigint => {
    const guard = 4096n
    const places = BigInt(bits) + guard
    const x = end << guard
    const { sum } = series(1n << places, (term, k) => ((term * x) >> places) / k)
    const value = sum >> guard
    return up ? value + 2n : value > 2n ? value - 2n : 0n
  }
  return { low: at(low, false), high: at(high, true) }
}

/** ln x = 2 artanh((x − 1)/(x + 1)) after x is halved or doubled into [1, 2]. */
export function enclosedLogarithm({ low, high }: Interval, bits: number): Interval {
  const places = BigInt(bits) + 64n
  const unit = 1n << places
  const artanh = (z: bigint): bigint => {
    const square = (z * z) >> places
    let [sum, power, k] = [0n, z, 1n]
    for (; power !== 0n; k += 2n) {
      sum += power / k
      power = (power * square) >> places
    }
    return 2n * sum
  }
  const ln2 = artanh(unit / 3n)
  const at = (value: bigint): bigint => {
    let x = value << 64n
    let shifts = 0n
    for (; x > 2n * unit; shifts++) x >>= 1n
    for (; x < unit; shifts--) x <<= 1n
    return artanh(((x - unit) << places) / (x + unit)) + shifts * ln2
  }
  // The errors are below (4·places + 2·|shifts|) units of 2^−places.
  return { low: (at(low) >> 64n) - 2n, high: (at(high) >> 64n) + 2n }
}

/** π by Machin's formula, 16 arctan 1/5 − 4 arctan 1/239. */
function pi(bits: number): Interval {
  const places = BigInt(bits) + 64n
  const arctan = (n: bigint): bigint => {
    let [sum, power, k] = [0n, (1n << places) / n, 1n]
    for (; power !== 0n; k += 2n) {
      sum += (k % 4n === 1n ? 1n : -1n) * (power / k)
      power /= n * n
    }
    return sum
  }
  const middle = (16n * arctan(5n) - 4n * arctan(239n)) >> 64n
  return { low: middle - 2n, high: middle + 2n }
}
