import type { Estimate } from '@posttrain/core'
import { differenceFromValue, unpairedDifference, type Difference } from '@posttrain/estimators'
import type { CompareLogsOptions } from './common-tasks.js'
import { inLog } from './in-log.js'
import { objectivesOf } from './log-objectives.js'
import { unscoredPolicy } from './log-rules.js'
import { shortTasks } from './short-tasks.js'
import { estimateOf, taskColumns, type TaskColumns } from './task-columns.js'
import type { TaskLog } from './task-log.js'

/** How much better B is than A, each on its own tasks. */
export interface UnpairedLogComparison {
  readonly a: Estimate
  readonly b: Estimate
  /** B − A. */
  readonly difference: Difference
  /** Ids of tasks with too few samples, left out of A and of B. */
  readonly leftOutOfA: readonly string[]
  readonly leftOutOfB: readonly string[]
}

/** How much better a system is than a number. */
export interface LogAndValue {
  readonly estimate: Estimate
  /** The estimate − the number. */
  readonly difference: Difference
  /** Ids of tasks with too few samples. */
  readonly leftOut: readonly string[]
}

/**
 * Compares two logs of different tasks by one objective. Of the same tasks `compareLogs` tells more.
 *
 * @param a log of the baseline
 * @param b log of what is compared with it
 * @throws PosttrainError as `evaluateLog`
 * @example
 * ```ts
 * const log = (verdicts: string) =>
 *   readLog({ lines: [...verdicts].map((c, i) => JSON.stringify({ task_id: i, n: 1, c: Number(c) })) })
 * compareUnpairedLogs(await log('0110'), await log('11010'), { objective: 'pass@1' }).difference.difference // => 0.1
 * ```
 */
export function compareUnpairedLogs(a: TaskLog, b: TaskLog, options: CompareLogsOptions): UnpairedLogComparison {
  const [ofA, ofB] = [inLog('A', () => measure(a, options)), inLog('B', () => measure(b, options))]
  const { level } = options
  return {
    a: ofA.estimate,
    b: ofB.estimate,
    difference: unpairedDifference(ofA.columns.values[0]!, ofB.columns.values[0]!, {
      level,
      a: designOf(ofA),
      b: designOf(ofB),
    }),
    leftOutOfA: ofA.leftOut,
    leftOutOfB: ofB.leftOut,
  }
}

/**
 * Compares a log with a number, for instance a published one, that is taken as exact.
 *
 * @param value in the unit of the objective
 * @throws PosttrainError as `evaluateLog`; `invalid-argument` for a value that is not finite
 * @example
 * ```ts
 * const log = await readLog({ lines: [1, 1, 0, 1, 1, 1, 1, 1].map((c, i) => JSON.stringify({ task_id: i, n: 1, c })) })
 * compareLogWithValue(log, 0.42, { objective: 'pass@1' }).difference.verdict // => 'better'
 * ```
 */
export function compareLogWithValue(log: TaskLog, value: number, options: CompareLogsOptions): LogAndValue {
  const { columns, estimate, leftOut } = measure(log, options)
  const difference = differenceFromValue(columns.values[0]!, value, { level: options.level, ...designOf({ columns }) })
  return { estimate, difference, leftOut }
}

interface MeasuredLog {
  readonly columns: TaskColumns
  readonly estimate: Estimate
  readonly leftOut: readonly string[]
}

const designOf = ({
  columns: { clusters, weights },
}: Pick<MeasuredLog, 'columns'>): Pick<TaskColumns, 'clusters' | 'weights'> => ({ clusters, weights })

function measure(log: TaskLog, options: CompareLogsOptions): MeasuredLog {
  const unscored = unscoredPolicy(log, options)
  const objectives = objectivesOf([options.objective], log, options)
  const { name } = objectives[0]!
  const { ids } = shortTasks(log.sampleCounts(unscored), objectives[0]!, options)
  const columns = taskColumns(log, objectives, { unscored, leftOut: ids, optionNames: options.optionNames })
  const { level, seed } = options
  return { columns, estimate: estimateOf(columns, 0, { name, unscored, level, seed }), leftOut: [...ids] }
}
