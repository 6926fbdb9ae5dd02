import { mean, requireFinite, requireInteger, sum } from '@posttrain/core'
import type { Estimate, Interval, UnscoredPolicy } from '@posttrain/core'
import { meanInterval } from './intervals/mean-interval.js'
import type { IntervalOptions } from './intervals/mean-interval.js'
import { hasWidth } from './intervals/require-width.js'

/** What one task contributes to an estimate. */
export interface TaskValue {
  /** The task's own estimate, for instance its pass@k. */
  readonly value: number
  /** Number of samples that entered it. */
  readonly samples: number
  /** Number of samples that had no score (default 0). */
  readonly unscored?: number | undefined
}

/** What an estimate is called, what became of unscored samples, and how to make the interval. */
export interface MeanEstimateOptions extends IntervalOptions {
  readonly name: string
  /** What became of samples without a score before the tasks' values were made. */
  readonly unscored: UnscoredPolicy
}

/**
 * The mean over tasks as a number that may be reported: with its interval, its n and what became of unscored samples.
 * With `weights` it is the weighted mean. Where all values are equal, and their range is unknown, there is no interval:
 * its bounds are NaN, and its method says why.
 *
 * @param tasks one entry per task, at least two; they are read once and need not all be in memory
 * @param options name, policy for unscored samples, and how to make the interval
 * @returns in the unit of the values
 * @throws PosttrainError `invalid-argument` for fewer than two tasks or a value that is not finite
 * @example
 * ```ts
 * const tasks = [0.2, 0.4].map((value) => ({ value, samples: 5 }))
 * meanEstimate(tasks, { name: 'pass@2', unscored: 'throw' }).value // => 0.3
 * ```
 */
export function meanEstimate(tasks: Iterable<TaskValue>, options: MeanEstimateOptions): Estimate {
  const { name, unscored: unscoredPolicy, ...how } = options
  let min = Infinity
  let max = 0
  let unscored = 0
  const values: number[] = []
  for (const { value, samples, unscored: missing = 0 } of tasks) {
    const i = values.length
    // Names are made for bad entries only: there may be a million tasks.
    if (!Number.isFinite(value)) requireFinite(`tasks[${i}].value`, value)
    if (!(Number.isInteger(samples) && samples >= 1)) requireInteger(`tasks[${i}].samples`, samples, { min: 1 })
    if (!(Number.isInteger(missing) && missing >= 0)) requireInteger(`tasks[${i}].unscored`, missing, { min: 0 })
    min = Math.min(min, samples)
    max = Math.max(max, samples)
    unscored += missing
    values.push(value)
  }
  const interval = withWidth(meanInterval(values, how))
  return {
    name,
    value: how.weights === undefined ? mean(values) : weightedMean(values, how.weights),
    interval,
    tasks: values.length,
    samplesPerTask: { min, max },
    unscored,
    unscoredPolicy,
  }
}

/** The interval, or none where it has no width. */
function withWidth(interval: Interval): Interval {
  if (hasWidth(interval)) return interval
  return { lower: NaN, upper: NaN, level: interval.level, method: 'none, since all values are equal' }
}

function weightedMean(values: readonly number[], weights: ArrayLike<number>): number {
  const shares = Array.from(weights)
  return sum(values.map((value, i) => value * shares[i]!)) / sum(shares)
}
