import type { Interval } from '@posttrain/core'
import type { Difference } from './difference.js'
import { withinUnit } from './mean-interval.js'
import { meanOverTasks, requireTasks } from './moments.js'
import { newcombeInterval } from './newcombe.js'
import { pByInterval } from './p-by-interval.js'
import { requireWidth } from './require-width.js'
import { scoreInterval } from './score.js'
import { studentInterval } from './student.js'
import type { AnalyticOptions } from './student.js'
import { verdictOf } from './verdict.js'

/** Options of a difference between two sets of tasks. */
export interface UnpairedDifferenceOptions {
  /** Nominal coverage, on (0, 1) (default 0.95). */
  readonly level?: number | undefined
  /** Clusters and weights of the tasks of a. */
  readonly a?: Omit<AnalyticOptions, 'level'> | undefined
  /** Those of b. */
  readonly b?: Omit<AnalyticOptions, 'level'> | undefined
}

/**
 * How much better b is than a on other tasks of the same kind: the difference of two means. On the same tasks
 * `pairedDifference` sees more.
 *
 * With the intervals (lₐ, uₐ) and (l_b, u_b) of the two means it reaches from d − √((m_b − l_b)² + (uₐ − mₐ)²) to d +
 * √((u_b − m_b)² + (mₐ − lₐ)²) (Newcombe 1998, method 10, https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8%3C873::AID-SIM779%3E3.0.CO;2-I).
 * The two are `scoreInterval`s where all values lie in [0, 1], and it then stays within [−1, 1]; otherwise
 * `studentInterval`s, and it is nearly Welch's. The p-value is the one that belongs to the interval.
 *
 * @param a (tasks of a), at least two
 * @param b (tasks of b), at least two
 * @returns in the unit of the values
 * @throws PosttrainError `invalid-argument` for fewer than two tasks, values that are not finite, or values outside
 *   [0, 1] that are all equal
 * @example
 * ```ts
 * unpairedDifference([0, 1, 0, 0], [1, 1, 0, 1, 1]).difference // => 0.55
 * ```
 */
export function unpairedDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: UnpairedDifferenceOptions = {},
): Difference {
  const { level = 0.95 } = options
  requireTasks('a', a)
  requireTasks('b', b)
  const intervalOf = withinUnit(a) && withinUnit(b) ? scoreInterval : studentInterval
  const meanA = meanOverTasks(a, options.a?.weights)
  const meanB = meanOverTasks(b, options.b?.weights)
  const intervalAt = (at: number): Interval =>
    newcombeInterval(
      { mean: meanA, interval: intervalOf(a, { ...options.a, level: at }) },
      { mean: meanB, interval: intervalOf(b, { ...options.b, level: at }) },
    )
  requireWidth('a', intervalOf(a, { ...options.a, level }))
  requireWidth('b', intervalOf(b, { ...options.b, level }))
  const interval = intervalAt(level)
  const pValue = pByInterval(intervalAt, 0)
  return {
    difference: meanB - meanA,
    interval,
    pValue,
    pValueMethod: 'interval',
    verdict: verdictOf({ interval, pValue }),
    tasks: a.length + b.length,
  }
}
