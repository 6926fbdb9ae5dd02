import { enclose } from './enclose.js'
import { isZero } from './is-zero.js'
import { addQuotients, negate, sumOf, type Quotient } from './quotient.js'
import { rationalOf } from './sum.js'
import { Undecided } from '../limits/undecided.js'

/** The sign of a − b: −1, 0 or 1. @throws Undecided where it is not proved, and for what is not real. */
export function orderOf(a: Quotient, b: Quotient): number {
  const difference = sumOf(addQuotients(a, negate(b)))
  const value = rationalOf(difference)
  if (value !== undefined) return value.numerator < 0n ? -1 : value.numerator > 0n ? 1 : 0
  if (isZero(difference) === true) return 0
  const interval = enclose(difference, 256)
  if (interval !== undefined && interval.low > 0n) return 1
  if (interval !== undefined && interval.high < 0n) return -1
  throw new Undecided('it is not known which of two ends is the larger one')
}
