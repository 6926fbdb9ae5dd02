import type { Estimate } from '@posttrain/core'
import {
  familyOf,
  mcnemarTest,
  pairedDifference,
  pairedWins,
  type McNemarResult,
  type PairedDifference,
  type PairedWins,
} from '@posttrain/estimators'
import { commonTasks, type CommonTasks, type CompareLogsOptions } from './common-tasks.js'
import { neededToDetect, type NeededToDetect } from './needed-to-detect.js'
import { pairedTasks, type PairedTask } from './paired-tasks.js'
import { estimateOf, type TaskColumns } from './task-columns.js'
import type { TaskLog } from './task-log.js'

/** How much better B is than A on the tasks that both logs have. */
export interface LogComparison {
  readonly a: Estimate
  readonly b: Estimate
  /** B − A. */
  readonly difference: PairedDifference
  /** On how many tasks B is better, and its win rate. */
  readonly wins: PairedWins
  /** McNemar's exact test, where every task has one verdict on each side and none depends on another. */
  readonly mcnemar: McNemarResult | undefined
  /** What finds a difference between two systems whose tasks differ as these do, where it was asked for. */
  readonly needed: NeededToDetect | undefined
  /** What each of the common tasks gives, those left out excepted, in the order of A. */
  readonly tasks: Iterable<PairedTask>
  /** Ids of tasks that only one log has. */
  readonly onlyInA: readonly string[]
  readonly onlyInB: readonly string[]
  /** Ids of common tasks with too few samples, left out on both sides. */
  readonly leftOut: readonly string[]
}

/**
 * Compares two logs by one objective, pairing tasks by id; the clusters and weights of tasks count.
 *
 * @param a log of the baseline
 * @param b log of what is compared with it
 * @returns both estimates on the common tasks, and the paired difference B − A with interval, p-value and verdict
 * @throws PosttrainError `invalid-argument` for fewer than two common tasks or tasks with too few samples;
 *   `invalid-data` for a task that has different references, or an objective that a log does not allow; `unscored`
 *   under that policy
 * @example
 * ```ts
 * const log = (verdicts: string) =>
 *   readLog({ lines: [...verdicts].map((c, i) => JSON.stringify({ task_id: i, n: 1, c: Number(c) })) })
 * const { difference } = compareLogs(await log('00110'), await log('11110'), { objective: 'pass@1' })
 * difference.difference // => 0.4
 * difference.pValue // => 0.5
 * ```
 */
export function compareLogs(a: TaskLog, b: TaskLog, options: CompareLogsOptions): LogComparison {
  const common = commonTasks([a, b], ['A', 'B'], options)
  const [estimateA, estimateB] = estimatesOf(common, options)
  const [columnsA, columnsB] = common.columns
  const { clusters, weights } = columnsA!
  const isSingle = common.columns.every(({ samples }) => samples.every((n) => n === 1))
  const alike = clusters === undefined && weights === undefined
  return {
    a: estimateA!,
    b: estimateB!,
    difference: differenceOf(common, 0, 1, options),
    wins: winsOf(common, 0, 1, options),
    mcnemar:
      isSingle && alike && familyOf(common.name) === 'pass@'
        ? mcnemarTest(columnsA!.values[0]!, columnsB!.values[0]!)
        : undefined,
    needed: options.detect === undefined ? undefined : neededFor(common, options.detect, options.level),
    tasks: pairedTasks(common, 0, 1),
    onlyInA: common.alone[0]!,
    onlyInB: common.alone[1]!,
    leftOut: common.leftOut,
  }
}

function neededFor({ columns }: CommonTasks, detect: number, level: number | undefined): NeededToDetect {
  const [a, b] = columns as [TaskColumns, TaskColumns]
  const values = b.values[0]!.map((value, task) => value - a.values[0]![task]!)
  return neededToDetect(detect, { values, systems: [a, b] }, level)
}

/** (logs): the estimates on the common tasks. */
export const estimatesOf = ({ name, columns }: CommonTasks, options: CompareLogsOptions): readonly Estimate[] => {
  const { unscored = 'count-as-failure', level, seed } = options
  return columns.map((one) => estimateOf(one, 0, { name, unscored, level, seed }))
}

/** How much better one of the logs is than another. */
export function differenceOf(
  { columns }: CommonTasks,
  a: number,
  b: number,
  { level, seed }: CompareLogsOptions,
): PairedDifference {
  const { clusters, weights } = columns[a]!
  return pairedDifference(columns[a]!.values[0]!, columns[b]!.values[0]!, { level, seed, clusters, weights })
}

/** How often one of the logs is better than another. */
export function winsOf(
  { columns }: CommonTasks,
  a: number,
  b: number,
  { level, seed }: CompareLogsOptions,
): PairedWins {
  const { clusters, weights } = columns[a]!
  return pairedWins(columns[a]!.values[0]!, columns[b]!.values[0]!, { level, seed, clusters, weights })
}
