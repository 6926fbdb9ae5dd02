import { invalidArgument, invalidData, quoted, shown, type Objective, type UnscoredPolicy } from '@posttrain/core'
import { inLog } from './in-log.js'
import { objectivesOf } from './log-objectives.js'
import { unscoredPolicy, type LogRules } from './log-rules.js'
import { withSquare } from './needed-to-detect.js'
import { shortTasks } from './short-tasks.js'
import { taskColumns, type TaskColumns } from './task-columns.js'
import type { TaskLog } from './task-log.js'

/** By what logs are compared. */
export interface CompareLogsOptions extends LogRules {
  /** A name as `parseObjective` reads it, or an objective. */
  readonly objective: string | Objective
  /** A difference, for what a later comparison of two such systems needs to find it (default: not asked). */
  readonly detect?: number | undefined
}

/** Logs measured on the tasks that all of them have, task by task. */
export interface CommonTasks {
  readonly name: string
  /** (tasks) */
  readonly ids: readonly string[]
  /**
   * (logs): of the same tasks in the same order, with the same clusters and weights; behind the objective its square
   * where a difference is to be detected and it has one.
   */
  readonly columns: readonly TaskColumns[]
  /** (logs): ids of tasks that not every other log has. */
  readonly alone: readonly (readonly string[])[]
  /** Ids of common tasks with too few samples, left out of every log. */
  readonly leftOut: readonly string[]
}

/**
 * Measures logs by one objective, pairing tasks by id.
 *
 * @param labels what errors call the logs, for instance A and B
 * @throws PosttrainError as `compareLogs`
 */
export function commonTasks(
  logs: readonly TaskLog[],
  labels: readonly string[],
  options: CompareLogsOptions,
): CommonTasks {
  const policies = logs.map((log) => unscoredPolicy(log, options))
  const unscored = policies[0]!
  const objectives = logs.map((log) => {
    const [one] = objectivesOf([options.objective], log, options) as [Objective]
    return options.detect === undefined ? [one] : withSquare(one, log)
  })
  const objective = objectives[0]![0]!
  const { fewest, alone } = matched(logs, unscored)
  requireCommon(fewest, logs, labels)
  const short = shortTasks(fewest, objective, options).ids
  const places = new Map<string, number>()
  for (const id of fewest.keys()) if (!short.has(id)) places.set(id, places.size)
  const measured = logs.map((log, i) =>
    inLog(labels[i], () => {
      const leftOut = new Set([...short, ...alone[i]!])
      return taskColumns(log, objectives[i]!, { unscored, leftOut, places, optionNames: options.optionNames })
    }),
  )
  const design = {
    clusters: agreed(
      'cluster',
      measured.map(({ clusters }) => clusters),
      places,
      labels,
    ),
    weights: agreed(
      'weight',
      measured.map(({ weights }) => weights),
      places,
      labels,
    ),
  }
  const columns = measured.map((one) => ({ ...one, ...design }))
  return { name: objective.name, ids: [...places.keys()], columns, alone, leftOut: [...short] }
}

/**
 * Of each task that all logs have the samples in the log with the fewest, in the order of the first log; and by log the
 * ids of those that not every other has.
 */
function matched(logs: readonly TaskLog[], unscored: UnscoredPolicy) {
  const fewest = new Map<string, number>()
  const alone = logs.map(() => new Array<string>())
  for (const [i, log] of logs.entries()) {
    for (const [id] of log.sampleCounts(unscored)) {
      const samples = logs.map((other) => other.samplesOf(id, unscored))
      if (samples.includes(undefined)) alone[i]!.push(id)
      else if (i === 0) fewest.set(id, Math.min(...(samples as number[])))
    }
  }
  return { fewest, alone }
}

function requireCommon(
  common: ReadonlyMap<string, unknown>,
  logs: readonly TaskLog[],
  labels: readonly string[],
): void {
  if (common.size < 2) {
    throw invalidArgument(
      `${listed(labels)} have ${common.size} tasks in common, and a paired comparison needs at least 2`,
      'tasks are matched by task_id; evaluate all systems on the same tasks',
    )
  }
  for (const id of common.keys()) {
    const references = logs.map((log) => log.referenceOf(id))
    const first = references.findIndex((reference) => reference !== undefined)
    const other = references.findIndex(
      (reference, i) => i > first && reference !== undefined && reference !== references[first],
    )
    if (other === -1) continue
    const [left, right] = [first, other].map((i) => `${shown(references[i]!)} in ${labels[i]}`)
    throw invalidData(
      `task ${quoted(id)} has the reference ${left} and ${right}`,
      'these are different tasks; give them different ids',
    )
  }
}

/** What the logs that know it say of the tasks, which must be the same. */
function agreed<T extends string | number>(
  fact: string,
  columns: readonly (readonly T[] | undefined)[],
  places: ReadonlyMap<string, number>,
  labels: readonly string[],
): readonly T[] | undefined {
  const first = columns.findIndex((column) => column !== undefined)
  columns.forEach((column, i) => {
    const at = column?.findIndex((value, task) => value !== columns[first]![task]) ?? -1
    if (at === -1) return
    const [left, right] = [first, i].map((log) => `${shown(String(columns[log]![at]))} in ${labels[log]}`)
    throw invalidData(
      `task ${quoted([...places.keys()][at]!)} has the ${fact} ${left} and ${right}`,
      `a task is compared with itself; give it the same ${fact} in every log`,
    )
  })
  return columns[first]
}

const listed = (labels: readonly string[]): string => `${labels.slice(0, -1).join(', ')} and ${labels.at(-1)}`
