import { requireLength, requireOneOf } from '@posttrain/core'
import type { Interval } from '@posttrain/core'
import type { Difference } from './difference.js'
import { meanInterval, withinUnit } from './mean-interval.js'
import type { IntervalMethod, IntervalOptions } from './mean-interval.js'
import { meanOverTasks, requireTasks } from './moments.js'
import { differenceScoreInterval } from './score.js'
import { signFlipTest } from './sign-flip.js'
import { areVerdictDifferences, tangoOfDifferences } from './tango.js'
import { verdictOf } from './verdict.js'

/** How to make the interval of a paired difference. */
export type DifferenceMethod = IntervalMethod | 'tango'

/** Options of `pairedDifference`. */
export interface PairedDifferenceOptions extends Omit<IntervalOptions, 'method'> {
  /**
   * Default: `tango` for differences of verdicts, −1, 0 and 1; `score` for other values in [0, 1]; `student-t`, which
   * knows no range, for all others.
   */
  readonly method?: DifferenceMethod | undefined
}

/** Two systems on the same tasks. Its p-value is that of the sign-flip permutation test. */
export interface PairedDifference extends Difference {
  /** Tasks on which the two differ, by more than rounding. */
  readonly discordant: number
}

const METHODS: readonly DifferenceMethod[] = ['tango', 'score', 'student-t', 'percentile', 'bca']

/** What two figures made of the same samples may differ by. */
const ROUNDING = 1e-12

/**
 * How much better b is than a on the same tasks: the mean of bᵢ − aᵢ, with an interval over tasks, the p-value of the
 * sign-flip permutation test, and the verdict of both. Pairing removes what tasks differ in.
 *
 * For values in [0, 1] the interval stays within [−1, 1] and has a width also where no task differs: that of verdicts
 * is Tango's; that of other values is `scoreInterval`'s, moved from [0, 1], which held its level where intervals of
 * Tango's kind for them, with all that is not seen at ±1, were up to twice as wide. Coverage of both: docs/coverage.md.
 *
 * @param a (tasks)
 * @param b (tasks), in the order of `a`
 * @param options how to make the interval; clusters flip their signs together, weights count in both
 * @returns in the unit of the values
 * @throws PosttrainError `invalid-argument` for different lengths, fewer than two tasks, values that are not finite, or
 *   a method that is not for them
 * @example
 * ```ts
 * pairedDifference([0, 0.5, 0.25, 0], [0.5, 0.5, 0.5, 0.25]).difference // => 0.25
 * ```
 */
export function pairedDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: PairedDifferenceOptions = {},
): PairedDifference {
  const differences = pairedDifferences(a, b)
  const { method = methodFor(a, b, differences), ...rest } = options
  requireOneOf('method', method, METHODS)
  const interval = intervalOf(differences, method, rest)
  const { pValue, method: pValueMethod } = signFlipTest(differences, options)
  return {
    difference: meanOverTasks(differences, options.weights),
    interval,
    pValue,
    pValueMethod,
    verdict: verdictOf({ interval, pValue }),
    discordant: differences.reduce((count, difference) => count + (difference === 0 ? 0 : 1), 0),
    tasks: differences.length,
  }
}

/** (tasks): bᵢ − aᵢ, 0 where the two differ by rounding alone; checked. */
export function pairedDifferences(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  requireTasks('a', a)
  requireTasks('b', b)
  requireLength('b', b, a.length)
  return Float64Array.from(b, (value, i) => {
    const difference = value - a[i]!
    return Math.abs(difference) <= ROUNDING * Math.abs(value) ? 0 : difference
  })
}

function methodFor(a: ArrayLike<number>, b: ArrayLike<number>, differences: ArrayLike<number>): DifferenceMethod {
  if (!withinUnit(a) || !withinUnit(b)) return 'student-t'
  return areVerdictDifferences(differences) ? 'tango' : 'score'
}

function intervalOf(
  differences: Float64Array,
  method: DifferenceMethod,
  rest: Omit<IntervalOptions, 'method'>,
): Interval {
  if (method === 'tango') return tangoOfDifferences(differences, rest)
  if (method === 'score') return differenceScoreInterval(differences, rest)
  return meanInterval(differences, { ...rest, method })
}
