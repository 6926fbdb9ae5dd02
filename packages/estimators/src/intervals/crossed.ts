import { invalidArgument, mean, requireFinite, requireLength, sum, type Interval } from '@posttrain/core'
import { studentQuantile } from '../special/beta.js'
import { requireLevel } from './moments.js'
import { pByInterval } from './p-by-interval.js'
import { hasWidth } from './require-width.js'
import { verdictOf, type DifferenceVerdict } from './verdict.js'

/** A mean over seeds and tasks, and how far it would be from the mean over all seeds and all tasks. */
export interface CrossedMean {
  /** In the unit of the values. */
  readonly value: number
  /** Without bounds where all values are equal. */
  readonly interval: Interval
  /** Two-sided, that the mean is 0: 1 − the level at which the interval reaches 0. */
  readonly pValue: number
  readonly pValueMethod: 'interval'
  /** Of the mean against 0. */
  readonly verdict: DifferenceVerdict
  readonly seeds: number
  readonly tasks: number
}

/**
 * The mean of values that every seed has on the same tasks, with an interval over both: other seeds and other tasks. An
 * interval over tasks alone holds for these seeds only, and one over the seeds × tasks values pretends that they know
 * nothing of each other.
 *
 * In the two-way layout with random effects the variance of the mean is (Mₛ + Mₜ − E)/(S·n), with the mean squares of
 * seeds, of tasks and of their interaction. The seeds' part is Mₛ, at least E, and the tasks' is the rest, at least 0;
 * each has its own quantile of Student's t, and the reach is the root of the sum of their squares (Howe 1974, J. Am.
 * Stat. Assoc. 69, 789). It covers 95 to 98 % with three and more seeds; with two it is far too wide: t is 12.7.
 *
 * @param values (seeds, tasks), at least two of each
 * @param options nominal coverage `level`, on (0, 1) (default 0.95)
 * @throws PosttrainError `invalid-argument` for fewer than two seeds or tasks, rows of different lengths, or a value
 *   that is not finite
 * @example
 * ```ts
 * crossedMean([[0, 1, 2], [2, 3, 4]]).value // => 2
 * ```
 */
export function crossedMean(
  values: readonly ArrayLike<number>[],
  options: { readonly level?: number | undefined } = {},
): CrossedMean {
  const { level = 0.95 } = options
  requireLevel(level)
  const [seeds, tasks] = [values.length, values[0]?.length ?? 0]
  if (seeds < 2 || tasks < 2) {
    throw invalidArgument(`an interval over seeds and tasks needs two of each, but has ${seeds} × ${tasks}`)
  }
  const rows = values.map((row, s) => {
    requireLength(`values[${s}]`, row, tasks)
    return Array.from(row, (value, t) => requireFinite(`values[${s}][${t}]`, value))
  })
  const value = mean(rows.map(mean))
  const { ofSeeds, ofTasks } = variancesOf(rows, value)
  const intervalAt = (at: number): Interval => {
    const t = (degrees: number): number => studentQuantile((1 + at) / 2, degrees)
    const reach = Math.sqrt(t(seeds - 1) ** 2 * ofSeeds + t(tasks - 1) ** 2 * ofTasks)
    return { lower: value - reach, upper: value + reach, level: at, method: METHOD }
  }
  const interval = intervalAt(level)
  if (!hasWidth(interval)) {
    const none = { lower: NaN, upper: NaN, level, method: 'none, since all values are equal' }
    return { value, interval: none, pValue: 1, pValueMethod: 'interval', verdict: 'undecided', seeds, tasks }
  }
  const pValue = pByInterval(intervalAt, 0)
  const verdict = verdictOf({ interval, pValue })
  return { value, interval, pValue, pValueMethod: 'interval', verdict, seeds, tasks }
}

const METHOD = 'student-t over seeds and tasks'

/** The two parts of the variance of the mean. @param rows (seeds, tasks) */
function variancesOf(
  rows: readonly (readonly number[])[],
  value: number,
): { readonly ofSeeds: number; readonly ofTasks: number } {
  const [seeds, tasks] = [rows.length, rows[0]!.length]
  const ofSeed = rows.map(mean)
  const ofTask = rows[0]!.map((_, t) => mean(rows.map((row) => row[t]!)))
  const squares = (numbers: readonly number[]): number => sum(numbers.map((one) => one * one))
  const bySeed = (tasks * squares(ofSeed.map((one) => one - value))) / (seeds - 1)
  const byTask = (seeds * squares(ofTask.map((one) => one - value))) / (tasks - 1)
  const rest = rows.flatMap((row, s) => row.map((one, t) => one - ofSeed[s]! - ofTask[t]! + value))
  const interaction = squares(rest) / ((seeds - 1) * (tasks - 1))
  return {
    ofSeeds: Math.max(bySeed, interaction) / (seeds * tasks),
    ofTasks: Math.max(byTask - interaction, 0) / (seeds * tasks),
  }
}
