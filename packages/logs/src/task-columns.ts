import { invalidData, type Estimate, type Objective, type UnscoredPolicy } from '@posttrain/core'
import { meanEstimate, type MeanEstimateOptions, type TaskValue } from '@posttrain/estimators'
import { evaluateTasks } from './evaluate-tasks.js'
import type { OptionNames } from './option-names.js'
import type { TaskLog } from './task-log.js'

/** Which tasks are measured, and where each of them is put. */
export interface TaskColumnsOptions {
  readonly unscored: UnscoredPolicy
  readonly leftOut: ReadonlySet<string>
  /** What hints call the options. */
  readonly optionNames?: OptionNames | undefined
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
  /** (tasks): what several tasks have in common; undefined where nobody said it. */
  readonly clusters: readonly string[] | undefined
  /** (tasks): what tasks are told apart by. */
  readonly tags: readonly string[] | undefined
  /** (tasks) */
  readonly weights: readonly number[] | undefined
}

/** Measures the tasks of a log that are not left out, each of which must have the samples for every objective. */
export function taskColumns(
  log: TaskLog,
  objectives: readonly Objective[],
  { unscored: policy, leftOut, places, optionNames }: TaskColumnsOptions,
): TaskColumns {
  const tasks = places?.size ?? log.size - leftOut.size
  const values = objectives.map(() => new Float64Array(tasks))
  const samples = new Float64Array(tasks)
  const [clusters, tags, weights] = [new Array<string>(), new Array<string>(), new Array<number>()]
  let unscored = 0
  let next = 0
  for (const task of evaluateTasks(log, objectives, { unscored: policy, leftOut, optionNames })) {
    const place = places?.get(task.taskId) ?? next++
    values.forEach((column, i) => (column[place] = task.values[i]!))
    samples[place] = task.samples
    unscored += task.unscored
    const { cluster, tag, weight } = log.factsOf(task.taskId)
    if (cluster !== undefined) clusters[place] = cluster
    if (tag !== undefined) tags[place] = tag
    if (weight !== undefined) weights[place] = weight
  }
  const whole = <T>(facts: T[]): T[] | undefined => {
    if (facts.length === 0) return undefined
    if (facts.length === tasks && !facts.includes(undefined as T)) return facts
    throw invalidData(
      'of some absent tasks the cluster, tag or weight is unknown',
      'expect tasks by a file in which each has these fields',
    )
  }
  return { values, samples, unscored, clusters: whole(clusters), tags: whole(tags), weights: whole(weights) }
}

/** The tasks of a tag alone. */
export function columnsOfTag({ values, samples, unscored, ...facts }: TaskColumns, tag: string): TaskColumns {
  const has = (_: unknown, task: number): boolean => facts.tags![task] === tag
  return {
    values: values.map((column) => column.filter(has)),
    samples: samples.filter(has),
    unscored,
    clusters: facts.clusters?.filter(has),
    tags: facts.tags?.filter(has),
    weights: facts.weights?.filter(has),
  }
}

/** The same tasks, weighted so that every tag counts alike: their mean is the mean over tags of the tags' means. */
export function everyTagAlike(columns: TaskColumns): TaskColumns {
  const { tags = [], weights, samples } = columns
  const own = weights ?? new Array<number>(samples.length).fill(1)
  const totals = new Map<string, number>()
  tags.forEach((tag, task) => totals.set(tag, (totals.get(tag) ?? 0) + own[task]!))
  return { ...columns, weights: own.map((weight, task) => weight / totals.get(tags[task]!)!) }
}

/** The mean over tasks of one of the objectives; of one task without an interval, whose bounds are then NaN. */
export function estimateOf(
  { values, samples, unscored, clusters, weights }: TaskColumns,
  i: number,
  how: MeanEstimateOptions,
): Estimate {
  const tasks = samples.length
  if (tasks > 1) return { ...meanEstimate(taskValues(values[i]!, samples), { ...how, clusters, weights }), unscored }
  const interval = { lower: NaN, upper: NaN, level: how.level ?? 0.95, method: 'none, since one task shows no spread' }
  const samplesPerTask = { min: samples[0]!, max: samples[0]! }
  const { name, unscored: unscoredPolicy } = how
  return { name, value: values[i]![0]!, interval, tasks, samplesPerTask, unscored, unscoredPolicy }
}

function* taskValues(values: Float64Array, samples: Float64Array): Generator<TaskValue, void> {
  for (let i = 0; i < samples.length; i++) yield { value: values[i]!, samples: samples[i]! }
}
