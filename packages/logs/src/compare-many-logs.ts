import { invalidArgument, type Estimate } from '@posttrain/core'
import { holmPValues, verdictOf, type PairedDifference, type PairedWins } from '@posttrain/estimators'
import { commonTasks, type CompareLogsOptions } from './common-tasks.js'
import { differenceOf, estimatesOf, winsOf } from './compare-logs.js'
import { pairedTasks, type PairedTask } from './paired-tasks.js'
import type { TaskLog } from './task-log.js'

/** Two of several logs. */
export interface LogPair {
  /** Indices of the two logs, a < b. */
  readonly a: number
  readonly b: number
  /** b − a. Its p-value is Holm's, of all pairs together, and so is its verdict; its interval is of this pair alone. */
  readonly difference: PairedDifference
  /** On how many tasks b is better, and its win rate; of this pair alone. */
  readonly wins: PairedWins
  /** What each task gives that is measured in every log, in the order of the first log. */
  readonly tasks: Iterable<PairedTask>
}

/** Several logs on the tasks that all of them have. */
export interface ManyLogsComparison {
  /** (logs) */
  readonly estimates: readonly Estimate[]
  /** Every pair. */
  readonly pairs: readonly LogPair[]
  /** (logs): ids of tasks that not every other log has. */
  readonly alone: readonly (readonly string[])[]
  /** Ids of common tasks with too few samples, left out of every log. */
  readonly leftOut: readonly string[]
}

/**
 * Compares every two of several logs by one objective, pairing tasks by id. The more pairs are looked at, the more of
 * them differ by chance: p-values are adjusted by Holm's method, so that where no two differ the chance that any pair
 * is called different is at most 1 − level.
 *
 * @param logs at least two
 * @param labels what errors call them, one each
 * @throws PosttrainError as `compareLogs`
 * @example
 * ```ts
 * const log = (verdicts: string) =>
 *   readLog({ lines: [...verdicts].map((c, i) => JSON.stringify({ task_id: i, n: 1, c: Number(c) })) })
 * const logs = [await log('00000000'), await log('00000001'), await log('11111111')]
 * const { pairs } = compareManyLogs(logs, ['A', 'B', 'C'], { objective: 'pass@1' })
 * pairs.map(({ difference }) => difference.pValue) // => [1, 0.0234, 0.0313]
 * ```
 */
export function compareManyLogs(
  logs: readonly TaskLog[],
  labels: readonly string[],
  options: CompareLogsOptions,
): ManyLogsComparison {
  if (logs.length < 2) throw invalidArgument(`logs are ${logs.length}, and a comparison needs at least 2`)
  const common = commonTasks(logs, labels, options)
  const pairs = logs.flatMap((_, a) =>
    logs.slice(a + 1).map((_, offset) => {
      const b = a + 1 + offset
      const of = [common, a, b] as const
      return { a, b, difference: differenceOf(...of, options), wins: winsOf(...of, options), tasks: pairedTasks(...of) }
    }),
  )
  const adjusted = holmPValues(pairs.map(({ difference }) => difference.pValue))
  return {
    estimates: estimatesOf(common, options),
    pairs: pairs.map(({ difference, ...of }, i) => {
      const pValue = adjusted[i]!
      return { ...of, difference: { ...difference, pValue, verdict: verdictOf({ ...difference, pValue }) } }
    }),
    alone: common.alone,
    leftOut: common.leftOut,
  }
}
