import { enclosedAtom, enclosedPower } from './enclose-atom.js'
import { multiplyIntervals, scaled, type Interval } from './interval.js'
import type { Sum } from './sum.js'

/**
 * An interval that contains the value of a real sum, in units of 2^−bits.
 *
 * Undefined where an atom has no real value that is known to exist (i, a variable, a root of a negative number), and
 * where numbers are too long.
 */
export function enclose(sum: Sum, bits: number, variables?: ReadonlyMap<string, bigint>): Interval | undefined {
  let low = 0n
  let high = 0n
  for (const { coefficient, factors } of sum.values()) {
    let product: Interval = scaled(coefficient, bits)
    for (const { atom, exponent } of factors.values()) {
      const value = enclosedAtom(atom, bits, variables, (inner) => enclose(inner, bits, variables))
      const powered = value && enclosedPower(value, exponent, bits)
      if (powered === undefined) return undefined
      product = multiplyIntervals(product, powered, bits)
    }
    low += product.low
    high += product.high
  }
  return { low, high }
}
