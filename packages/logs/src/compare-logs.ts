import { invalidArgument, invalidData, quoted, shown, type Estimate, type Objective } from '@posttrain/core'
import {
  familyOf,
  mcnemarTest,
  pairedDifference,
  type McNemarResult,
  type PairedDifference,
} from '@posttrain/estimators'
import { objectivesOf } from './log-objectives.js'
import { unscoredPolicy, type LogRules } from './log-rules.js'
import { shortTasks } from './short-tasks.js'
import { estimateOf, taskColumns } from './task-columns.js'
import type { TaskLog } from './task-log.js'

/** By what two logs are compared. */
export interface CompareLogsOptions extends LogRules {
  /** A name as `parseObjective` reads it, or an objective. */
  readonly objective: string | Objective
}

/** How much better B is than A on the tasks that both logs have. */
export interface LogComparison {
  readonly a: Estimate
  readonly b: Estimate
  /** B − A. */
  readonly difference: PairedDifference
  /** McNemar's exact test, where every task has one verdict on each side. */
  readonly mcnemar: McNemarResult | undefined
  /** Ids of tasks that only one log has. */
  readonly onlyInA: readonly string[]
  readonly onlyInB: readonly string[]
  /** Ids of common tasks with too few samples, left out on both sides. */
  readonly leftOut: readonly string[]
}

/**
 * Compares two logs by one objective, pairing tasks by id.
 *
 * @param a log of the baseline
 * @param b log of what is compared with it
 * @returns both estimates on the common tasks, and the paired difference B − A with interval and p-value
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
  const { level, seed } = options
  const unscored = unscoredPolicy(a, options)
  unscoredPolicy(b, options)
  const [ofA, ofB] = [a, b].map((log) => objectivesOf([options.objective], log, options)) as [Objective[], Objective[]]
  const { name } = ofA[0]!
  const counts = [new Map(a.sampleCounts(unscored)), new Map(b.sampleCounts(unscored))] as const
  const [common, onlyInA] = split(counts[0], counts[1])
  const [, onlyInB] = split(counts[1], counts[0])
  requireCommon(common, a, b)

  const fewer = new Map(common.map((id) => [id, Math.min(counts[0].get(id)!, counts[1].get(id)!)]))
  const short = shortTasks(fewer, ofA[0]!, options).ids
  const places = new Map(common.filter((id) => !short.has(id)).map((id, place) => [id, place]))
  const leftOut = new Set([...short, ...onlyInA, ...onlyInB])
  const columnsA = taskColumns(a, ofA, { unscored, leftOut, places })
  const columnsB = taskColumns(b, ofB, { unscored, leftOut, places })
  const numbers = [columnsA.values[0]!, columnsB.values[0]!] as const
  const singles = [columnsA, columnsB].every(({ samples }) => samples.every((n) => n === 1))
  const how = { name, unscored, level, seed }
  return {
    a: estimateOf(columnsA, 0, how),
    b: estimateOf(columnsB, 0, how),
    difference: pairedDifference(...numbers, { level, seed }),
    mcnemar: singles && familyOf(name) === 'pass@' ? mcnemarTest(...numbers) : undefined,
    onlyInA,
    onlyInB,
    leftOut: [...short],
  }
}

/** Ids that the other has too, and ids that it has not. */
function split(own: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): [string[], string[]] {
  const common: string[] = []
  const alone: string[] = []
  for (const id of own.keys()) (other.has(id) ? common : alone).push(id)
  return [common, alone]
}

function requireCommon(common: readonly string[], a: TaskLog, b: TaskLog): void {
  if (common.length < 2) {
    throw invalidArgument(
      `A and B have ${common.length} tasks in common, and a paired comparison needs at least 2`,
      'tasks are matched by task_id; evaluate both systems on the same tasks',
    )
  }
  for (const id of common) {
    const [left, right] = [a.referenceOf(id), b.referenceOf(id)]
    if (left === undefined || right === undefined || left === right) continue
    throw invalidData(
      `task ${quoted(id)} has the reference ${shown(left)} in A and ${shown(right)} in B`,
      'these are different tasks; give them different ids',
    )
  }
}
