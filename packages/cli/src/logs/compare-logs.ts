import { invalidArgument, invalidData, type Estimate } from '@posttrain/core'
import {
  mcnemarTest,
  meanEstimate,
  pairedDifference,
  type McNemarResult,
  type PairedDifference,
  type TaskValue,
} from '@posttrain/estimators'
import type { LogOptions } from './log-options.js'
import { nameOf, type Metric } from './metric.js'
import { sampleCounts } from './scored-task.js'
import { shortTasks } from './short-tasks.js'
import type { TaskLog } from './task-log.js'
import { taskValues } from './task-values.js'

/** How much better B is than A on the tasks that both logs have. */
export interface LogComparison {
  readonly a: Estimate
  readonly b: Estimate
  readonly difference: PairedDifference
  /** Where every task has one verdict on each side. */
  readonly mcnemar: McNemarResult | undefined
  readonly notes: readonly string[]
}

type Rules = Pick<LogOptions, 'ties' | 'unparsed' | 'unscored' | 'dropShort' | 'level' | 'seed'>

/**
 * Compares two logs by one metric, pairing tasks by id.
 *
 * @throws PosttrainError for fewer than two common tasks, tasks with too few samples, or a metric that a log does not allow
 */
export function compareLogs(a: TaskLog, b: TaskLog, metric: Metric, rules: Rules): LogComparison {
  const { ties, unparsed, unscored: denominator, dropShort = false, level, seed } = rules
  const counts = [new Map(sampleCounts(a, denominator)), new Map(sampleCounts(b, denominator))] as const
  const [common, onlyInA] = split(counts[0], counts[1])
  const [, onlyInB] = split(counts[1], counts[0])
  requireCommon(common, a, b)

  const fewer = new Map(common.map((id) => [id, Math.min(counts[0].get(id)!, counts[1].get(id)!)]))
  const short = shortTasks(fewer, nameOf(metric), metric.k, dropShort).ids
  const leftOut = new Set([...short, ...onlyInA, ...onlyInB])
  const valuesOf = (log: TaskLog): ReadonlyMap<string, TaskValue> =>
    new Map(taskValues(log, metric, { ties, unparsed, denominator }, leftOut))
  const valuesA = valuesOf(a)
  const valuesB = valuesOf(b)
  const ids = [...valuesA.keys()]
  const inOrder = [ids.map((id) => valuesA.get(id)!), ids.map((id) => valuesB.get(id)!)] as const
  const numbers = inOrder.map((tasks) => tasks.map(({ value }) => value)) as [number[], number[]]
  const singles = inOrder.every((tasks) => tasks.every(({ samples }) => samples === 1))

  const estimate = (tasks: readonly TaskValue[]): Estimate =>
    meanEstimate(tasks, { name: nameOf(metric), denominator, level, seed })
  return {
    a: estimate(inOrder[0]),
    b: estimate(inOrder[1]),
    difference: pairedDifference(...numbers, { level, seed }),
    mcnemar: singles && metric.kind === 'pass@' ? mcnemarTest(...numbers) : undefined,
    notes: [
      ...missingNote(onlyInA, 'A'),
      ...missingNote(onlyInB, 'B'),
      ...(short.size > 0 ? [`${short.size} common tasks have fewer than ${metric.k} samples and are left out`] : []),
    ],
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
    const [left, right] = [a.index.referenceOf(id), b.index.referenceOf(id)]
    if (left === undefined || right === undefined || left === right) continue
    throw invalidData(
      `task ${JSON.stringify(id)} has the reference ${left.slice(0, 60)} in A and ${right.slice(0, 60)} in B`,
      'these are different tasks; give them different ids',
    )
  }
}

const missingNote = (ids: readonly string[], side: string): string[] =>
  ids.length === 0
    ? []
    : [`${ids.length} tasks are only in ${side} and are left out, the first ${JSON.stringify(ids[0])}`]
