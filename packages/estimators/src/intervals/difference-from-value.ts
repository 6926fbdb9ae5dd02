import { requireFinite, sum } from '@posttrain/core'
import type { Interval } from '@posttrain/core'
import { binomialTest } from './binomial-test.js'
import type { Difference } from './difference.js'
import { withinUnit } from './mean-interval.js'
import { meanOverTasks, requireTasks } from './moments.js'
import { pByInterval } from './p-by-interval.js'
import { requireWidth } from './require-width.js'
import { scoreInterval } from './score.js'
import { studentInterval } from './student.js'
import type { AnalyticOptions } from './student.js'
import { verdictOf } from './verdict.js'

/**
 * How much better a system is than a fixed number, for instance a published one: the mean over tasks − that number,
 * with the interval of the mean moved by it.
 *
 * Where every value is a verdict, 0 or 1, of a task of its own, the p-value is that of the exact binomial test, so that
 * a system whose true mean is the number is called worse in at most (1 − level)/2 of cases, whatever it is. For other
 * values it is the one that belongs to the interval, whose two tails are of unlike size near 0 and 1: docs/coverage.md.
 *
 * The number is taken as exact. If it was measured on tasks of its own, it has an interval too, and this one is too
 * narrow: get its values per task and compare those.
 *
 * @param values (tasks), at least two; `scoreInterval` where they lie in [0, 1], otherwise `studentInterval`
 * @param value the number
 * @returns in the unit of the values
 * @throws PosttrainError `invalid-argument` for fewer than two tasks, values that are not finite, or values outside
 *   [0, 1] that are all equal
 * @example
 * ```ts
 * differenceFromValue([1, 1, 0, 1, 1, 1, 1, 1], 0.42).verdict // => 'better'
 * ```
 */
export function differenceFromValue(
  values: ArrayLike<number>,
  value: number,
  options: AnalyticOptions = {},
): Difference {
  const { level = 0.95 } = options
  requireTasks('values', values)
  requireFinite('value', value)
  const intervalOf = withinUnit(values) ? scoreInterval : studentInterval
  const intervalAt = (at: number): Interval => intervalOf(values, { ...options, level: at })
  const { lower, upper, method } = requireWidth('values', intervalAt(level))
  const interval = { lower: lower - value, upper: upper - value, level, method }
  const exact = exactP(values, value, options)
  const pValue = exact ?? pByInterval(intervalAt, value)
  const verdict = verdictOf({ interval, pValue })
  return {
    difference: meanOverTasks(values, options.weights) - value,
    interval,
    pValue,
    pValueMethod: exact === undefined ? 'interval' : 'binomial',
    verdict,
    tasks: values.length,
  }
}

/** The p-value of the binomial test, for verdicts that count alike. */
function exactP(values: ArrayLike<number>, value: number, options: AnalyticOptions): number | undefined {
  const { clusters, weights } = options
  const verdicts = Array.from(values).every((one) => one === 0 || one === 1)
  if (!verdicts || clusters !== undefined || weights !== undefined || value < 0 || value > 1) return undefined
  return binomialTest(sum(values), values.length, value)
}
