import { enclose } from './enclose.js'
import { enclosedLogarithm } from './enclose-atom.js'
import { multiplyIntervals, scaled, type Interval } from './interval.js'
import type { Sum, Term } from './sum.js'

/** The precision, in bits, to which logarithms of terms are enclosed. */
const bits = 256

/** An enclosure of ln |term| in units of 2^−bits; undefined where an atom is not known to be positive. */
function logarithmOf({ coefficient, factors }: Term): Interval | undefined {
  const { numerator, denominator } = coefficient
  const size = { numerator: numerator < 0n ? -numerator : numerator, denominator }
  let { low, high } = difference(logarithmOfInteger(size.numerator), logarithmOfInteger(size.denominator))
  for (const { atom, exponent } of factors.values()) {
    const base =
      atom.kind === 'prime'
        ? logarithmOfInteger(atom.prime)
        : positiveLogarithm(atom.kind === 'power' ? enclose(atom.base, bits) : undefined)
    const power = atom.kind === 'power' && atom.exponent !== undefined ? enclose(atom.exponent, bits) : one
    if (base === undefined || power === undefined) return undefined
    const raised = multiplyIntervals(multiplyIntervals(base, power, bits), scaled(exponent, bits), bits)
    low += raised.low
    high += raised.high
  }
  return { low, high }
}

const one: Interval = { low: 1n << BigInt(bits), high: 1n << BigInt(bits) }

const logarithmOfInteger = (n: bigint): Interval => {
  const value = n << BigInt(bits)
  return enclosedLogarithm({ low: value, high: value }, bits)
}

const positiveLogarithm = (value: Interval | undefined): Interval | undefined =>
  value === undefined || value.low <= 0n ? undefined : enclosedLogarithm(value, bits)

const difference = (a: Interval, b: Interval): Interval => ({ low: a.low - b.high, high: a.high - b.low })

/**
 * Whether one term of a sum is larger than all others together, by their logarithms, so that the sum is not 0.
 *
 * Terms need not be small enough to be written out: 10^(10^10) is compared by its logarithm.
 */
export function isOutweighed(sum: Sum): boolean {
  const logarithms = [...sum.values()].map(logarithmOf)
  if (sum.size < 2 || logarithms.includes(undefined)) return false
  const [first, ...others] = (logarithms as Interval[]).sort((a, b) => (a.low > b.low ? -1 : 1))
  const highest = others.map(({ high }) => high).reduce((a, b) => (b > a ? b : a))
  return first!.low > highest + logarithmOfInteger(BigInt(sum.size - 1)).high
}
