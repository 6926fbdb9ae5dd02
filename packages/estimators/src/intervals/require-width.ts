import { invalidArgument } from '@posttrain/core'
import type { Interval } from '@posttrain/core'

/** What two bounds that are equal may differ by, as a share of them. */
const ROUNDING = 1e-12

/** Whether an interval has a width: one without would read as certainty, where tasks have only shown no spread. */
export const hasWidth = ({ lower, upper }: Interval): boolean =>
  upper - lower > ROUNDING * Math.max(Math.abs(lower), Math.abs(upper))

/**
 * The interval, which must have a width.
 *
 * @throws PosttrainError `invalid-argument`, naming the values
 */
export function requireWidth(name: string, interval: Interval): Interval {
  if (hasWidth(interval)) return interval
  throw invalidArgument(
    `${name} are all equal, so that there is no interval: their spread, and their range, are unknown`,
    'compare more tasks, or values in [0, 1], whose range is known',
  )
}
