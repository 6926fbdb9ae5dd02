import type { Interval } from '@posttrain/core'
import { describeTasks, formatInterval, formatValue } from './format-estimate.js'
import { points, type Unit } from './unit.js'

/** What a reported difference must carry; a paired difference of @posttrain/estimators does. */
export interface ReportedDifference {
  /** Mean of b − a over tasks. */
  readonly difference: number
  readonly interval: Interval
  /** Two-sided. */
  readonly pValue: number
  /** By `monte-carlo` it is a bound (default `exact`). */
  readonly pValueMethod?: 'exact' | 'monte-carlo' | 'binomial' | 'interval' | undefined
  /** Tasks on which the two differ, where they are on the same tasks. */
  readonly discordant?: number | undefined
  readonly tasks: number
}

/** A p-value with three digits: `p = 0.00781`, and `p ≤ 0.0001` where it is a bound by random draws. */
export const formatPValue = (p: number, method: ReportedDifference['pValueMethod'] = 'exact'): string =>
  `p ${method === 'monte-carlo' ? '≤' : '='} ${Number(p.toPrecision(3))}`

/** A difference in two parts: what was found, and how sure it is. */
export interface WrittenDifference {
  readonly text: string
  readonly detail: string
}

/**
 * The parts of `formatDifference`, for a cell.
 *
 * @throws PosttrainError `invalid-argument` for a value or bound that is not finite.
 */
export function writeDifference(of: ReportedDifference, unit: Unit = points): WrittenDifference {
  const p = formatPValue(of.pValue, of.pValueMethod)
  const { lower, upper } = of.interval
  if (of.discordant !== 0)
    return { text: formatValue(of.difference, unit), detail: `${formatInterval(of.interval, unit)}, ${p}` }
  const found = `n = ${of.tasks}, ${p}`
  // An interval of no width would read as certainty, where the tasks have only failed to tell the two apart.
  return {
    text: 'no task differs',
    detail: lower < upper ? `${formatInterval(of.interval, unit)}, ${found}` : `(${found})`,
  }
}

/**
 * Writes a paired difference with its interval and the p-value of its sign-flip test, the one way this project does.
 *
 * @param unit how the number is written (default: percentage points)
 * @returns for instance `+18.1 pp [+14.0, +22.0], p = 0.003`, or `no task differs [−24.2, +24.2], n = 12, p = 1`
 * @throws PosttrainError `invalid-argument` for a value or bound that is not finite.
 * @example
 * ```ts
 * const interval = { lower: 0.14, upper: 0.22, level: 0.95, method: 'student-t' }
 * formatDifference({ difference: 0.181, interval, pValue: 0.003, discordant: 93, tasks: 260 })
 * // => '+18.1 pp [+14.0, +22.0], p = 0.003'
 * ```
 */
export function formatDifference(of: ReportedDifference, unit: Unit = points): string {
  const { text, detail } = writeDifference(of, unit)
  return `${text} ${detail}`
}

const TESTS = {
  exact: 'p of the two-sided sign-flip permutation test',
  'monte-carlo': 'p of the two-sided sign-flip permutation test, a bound by random signs',
  binomial: 'p of the two-sided exact binomial test',
  interval: 'p is 1 − the level at which the interval reaches 0',
} as const

/** Says what a difference rests on: tasks, interval level and method, and the test behind p. */
export const describeDifference = ({ tasks, interval, pValueMethod = 'exact' }: ReportedDifference): string =>
  `${describeTasks({ tasks, interval })}; ${TESTS[pValueMethod]}`
