import type { Estimate, Objective, UnscoredPolicy } from '@posttrain/core'
import { meanEstimate, type MeanEstimateOptions, type TaskValue } from '@posttrain/estimators'
import { evaluateTasks } from './evaluate-tasks.js'
import type { TaskLog } from './task-log.js'

/** Which tasks are measured, and where each of them is put. */
export interface TaskColumnsOptions {
  readonly unscored: UnscoredPolicy
  readonly leftOut: ReadonlySet<string>
  /** Place of each task that is not left out (default: in the order of the log). */
  readonly places?: ReadonlyMap<string, number> | undefined
}

/** What the tasks of a log contribute, as numbers: a log of a million tasks is never a million objects. */
export interface TaskColumns {
  /** (objectives), each (tasks). */
  readonly values: readonly Float64Array[]
  /** (tasks): samples that entered. */
  readonly samples: Float64Array
  /** Samples without a score, in all. */
  readonly unscored: number
}

/** Measures the tasks of a log that are not left out, each of which must have the samples for every objective. */
export function taskColumns(
  log: TaskLog,
  objectives: readonly Objective[],
  { unscored: policy, leftOut, places }: TaskColumnsOptions,
): TaskColumns {
  const tasks = places?.size ?? log.size - leftOut.size
  const values = objectives.map(() => new Float64Array(tasks))
  const samples = new Float64Array(tasks)
  let unscored = 0
  let next = 0
  for (const task of evaluateTasks(log, objectives, policy, leftOut)) {
    const place = places?.get(task.taskId) ?? next++
    values.forEach((column, i) => (column[place] = task.values[i]!))
    samples[place] = task.samples
    unscored += task.unscored
  }
  return { values, samples, unscored }
}

/** The mean over tasks of one of the objectives. */
export function estimateOf({ values, samples, unscored }: TaskColumns, i: number, how: MeanEstimateOptions): Estimate {
  return { ...meanEstimate(taskValues(values[i]!, samples), how), unscored }
}

function* taskValues(values: Float64Array, samples: Float64Array): Generator<TaskValue, void> {
  for (let i = 0; i < samples.length; i++) yield { value: values[i]!, samples: samples[i]! }
}
