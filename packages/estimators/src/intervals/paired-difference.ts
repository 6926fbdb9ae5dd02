import { mean, requireLength } from '@posttrain/core'
import type { Interval } from '@posttrain/core'
import { meanInterval } from './mean-interval.js'
import type { IntervalOptions } from './mean-interval.js'
import { requireTasks } from './moments.js'
import { signFlipTest } from './sign-flip.js'

/** Two systems on the same tasks. */
export interface PairedDifference {
  /** Mean of b − a over tasks. */
  readonly difference: number
  readonly interval: Interval
  /** Two-sided, of the sign-flip permutation test. */
  readonly pValue: number
  /** Tasks on which the two differ: without one, interval and p-value only say that there was nothing to tell by. */
  readonly discordant: number
  readonly tasks: number
}

/**
 * How much better b is than a on the same tasks: the mean of bᵢ − aᵢ, with an interval over tasks and the p-value of
 * the sign-flip permutation test. Pairing removes what tasks differ in.
 *
 * @param a (tasks)
 * @param b (tasks), in the order of `a`
 * @param options the interval's method is `student-t` by default, which holds its level best for differences (see
 *   docs/coverage.md); clusters flip their signs together
 * @returns in the unit of the values
 * @throws PosttrainError `invalid-argument` for different lengths, fewer than two tasks, or values that are not finite
 * @example
 * ```ts
 * pairedDifference([0, 0.5, 0.25, 0], [0.5, 0.5, 0.5, 0.25]).difference // => 0.25
 * ```
 */
export function pairedDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: IntervalOptions = {},
): PairedDifference {
  requireTasks('a', a)
  requireTasks('b', b)
  requireLength('b', b, a.length)
  const { method = 'student-t', ...rest } = options
  const differences = Float64Array.from(b, (value, i) => value - a[i]!)
  return {
    difference: mean(differences),
    interval: meanInterval(differences, { ...rest, method }),
    pValue: signFlipTest(differences, options),
    discordant: differences.reduce((count, difference) => count + (difference === 0 ? 0 : 1), 0),
    tasks: differences.length,
  }
}
