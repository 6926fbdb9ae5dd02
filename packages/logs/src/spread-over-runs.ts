import { invalidArgument, invalidData, mean, quoted, type Objective, type UnscoredPolicy } from '@posttrain/core'
import { deviationOverTasks as deviationOf } from '@posttrain/estimators'
import { objectivesOf } from './log-objectives.js'
import { unscoredPolicy, type LogRules } from './log-rules.js'
import { nameOfOption } from './option-names.js'
import type { LogRun } from './open-groups.js'
import { taskColumns, estimateOf } from './task-columns.js'
import type { TaskLog } from './task-log.js'

/** A metric of each of several runs of the same tasks. */
export interface RunSpread {
  /** Of the metric. */
  readonly name: string
  /** In the order of the log. */
  readonly runs: readonly { readonly run: string; readonly value: number }[]
  readonly mean: number
  /**
   * Standard deviation over runs, by n − 1: how far one run of these tasks lies from another, by what is drawn and not
   * by which tasks there are. An interval over tasks says the latter.
   */
  readonly deviation: number
}

/** How runs are measured. */
export interface SpreadOverRunsOptions extends LogRules {
  /** Names as `parseObjective` reads them, or objectives. */
  readonly objectives: readonly (string | Objective)[]
}

/**
 * How much metrics vary over runs of the same tasks. Of objectives that need more samples of a task than each run has
 * there is no such spread, and they are passed over.
 *
 * @param runs at least two, as `readLogGroups` gives them
 * @returns one entry per objective that every run has the samples for
 * @throws PosttrainError `invalid-argument` for fewer than two runs, or where no objective is left; `invalid-data` for
 *   runs of different tasks
 * @example
 * ```ts
 * const rows = [[1, 'a', 1], [1, 'b', 0], [2, 'a', 1], [2, 'b', 1]]
 * const lines = rows.map(([seed, task_id, reward]) => JSON.stringify({ seed, task_id, reward }))
 * const [{ runs }] = await readLogGroups({ lines }, { groupBy: [], runs: 'seed' })
 * spreadOverRuns(runs, { objectives: ['pass@1'] })[0].deviation // => 0.3536
 * ```
 */
export function spreadOverRuns(runs: readonly LogRun[], options: SpreadOverRunsOptions): readonly RunSpread[] {
  const [first] = runs
  if (first === undefined || runs.length < 2) {
    throw invalidArgument(
      `there is ${first === undefined ? 'no run' : `one run, ${quoted(first.run)}`}, and a spread needs at least 2`,
      `${nameOfOption('runs', options.optionNames)} names a field that tells runs apart, seed for instance`,
    )
  }
  requireSameTasks(runs, options)
  const unscored = unscoredPolicy(first.log, options)
  const fewest = Math.min(...runs.map(({ log }) => fewestSamples(log, unscored)))
  const asked = objectivesOf(options.objectives, first.log, options)
  const known = options.objectives.filter((_, i) => asked[i]!.k <= fewest)
  if (known.length === 0) {
    throw invalidArgument(
      `${asked[0]!.name} needs ${asked[0]!.k} samples per task, but a run has ${fewest}`,
      'ask for the spread of a metric of fewer samples, mean or pass@1 for instance',
    )
  }
  const values = runs.map(({ log }) => valuesOf(log, known, unscored, options))
  return known.map((_, i) => {
    const ofRuns = values.map((of) => of[i]!.value)
    return {
      name: values[0]![i]!.name,
      runs: runs.map(({ run }, r) => ({ run, value: ofRuns[r]! })),
      mean: mean(ofRuns),
      deviation: deviationOf(ofRuns),
    }
  })
}

function valuesOf(
  log: TaskLog,
  known: readonly (string | Objective)[],
  unscored: UnscoredPolicy,
  options: SpreadOverRunsOptions,
): readonly { readonly name: string; readonly value: number }[] {
  const objectives = objectivesOf(known, log, options)
  const columns = taskColumns(log, objectives, { unscored, leftOut: new Set(), optionNames: options.optionNames })
  return objectives.map(({ name }, i) => estimateOf(columns, i, { name, unscored, method: 'student-t' }))
}

function fewestSamples(log: TaskLog, unscored: UnscoredPolicy): number {
  let fewest = Infinity
  for (const [, n] of log.sampleCounts(unscored)) fewest = Math.min(fewest, n)
  return fewest
}

function requireSameTasks(runs: readonly LogRun[], { optionNames }: LogRules): void {
  const tasksOf = ({ log }: LogRun): string[] => [...log.sampleCounts('count-as-failure')].map(([id]) => id)
  const [first, ...others] = runs as readonly [LogRun, ...LogRun[]]
  const ofFirst = new Set(tasksOf(first))
  for (const other of others) {
    const own = new Set(tasksOf(other))
    const absent = [...ofFirst].find((id) => !own.has(id))
    const more = [...own].find((id) => !ofFirst.has(id))
    const id = absent ?? more
    if (id === undefined) continue
    const [without, having] = absent === undefined ? [first, other] : [other, first]
    throw invalidData(
      `run ${quoted(without.run)} has no sample of task ${quoted(id)}, which run ${quoted(having.run)} has`,
      `a spread is over runs of the same tasks; take whole runs with ${nameOfOption('where', optionNames)}`,
    )
  }
}
