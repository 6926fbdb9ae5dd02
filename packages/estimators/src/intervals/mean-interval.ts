import { requireOneOf } from '@posttrain/core'
import type { Interval } from '@posttrain/core'
import { bootstrapInterval } from './bootstrap.js'
import type { BootstrapOptions } from './bootstrap.js'
import { scoreInterval } from './score.js'
import { studentInterval } from './student.js'

/** How to make an interval over tasks. */
export type IntervalMethod = 'score' | 'student-t' | 'percentile' | 'bca'

/** Options of every interval for a mean over tasks. Only the bootstrap reads `resamples` and `seed`. */
export interface IntervalOptions extends Omit<BootstrapOptions, 'method'> {
  /** Default `score` where all values lie in [0, 1], otherwise `bca`. */
  readonly method?: IntervalMethod | undefined
}

/**
 * A confidence interval for the mean over tasks, by the method of choice.
 *
 * @param values (tasks), at least two
 * @returns in the unit of the values
 * @throws PosttrainError `invalid-argument` for fewer than two values or clusters, or values that are not finite
 * @example
 * ```ts
 * meanInterval([0.5, 1, 0, 0.25]).method // => 'score'
 * ```
 */
export function meanInterval(values: ArrayLike<number>, options: IntervalOptions = {}): Interval {
  const { method = withinUnit(values) ? 'score' : 'bca', ...rest } = options
  requireOneOf('method', method, ['score', 'student-t', 'percentile', 'bca'])
  if (method === 'score') return scoreInterval(values, rest)
  if (method === 'student-t') return studentInterval(values, rest)
  return bootstrapInterval(values, { ...rest, method })
}

/** Whether all values lie in [0, 1]. */
export function withinUnit(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (!(values[i]! >= 0 && values[i]! <= 1)) return false
  return true
}
