import { addUsage, invalidData, mean, missingOf, NO_USAGE, scoredGroup } from '@posttrain/core'
import type { Estimate, Group, Objective, UnscoredPolicy, Usage } from '@posttrain/core'
import { requireChoosable } from './checks/require-choosable.js'
import { askEstimate } from './ask-estimate.js'
import { meanEstimate, type TaskValue } from '@posttrain/estimators'

/** What one task contributes to an evaluation: numbers alone, so that groups need not be kept. */
export interface TaskEvaluation {
  readonly taskId: string
  /** One per objective, in their order; undefined if fewer samples entered than it needs. */
  readonly values: readonly (number | undefined)[]
  /** Mean reward; undefined if no sample entered. */
  readonly meanReward: number | undefined
  /** Samples that entered. */
  readonly samples: number
  /** Samples that exist and have no score, whatever became of them. */
  readonly unscored: number
  /** Samples that failed: no completion was had. They have no score either. */
  readonly failed: number
  /** What the samples cost, and what judging them cost. */
  readonly usage: Usage
  readonly judging: Usage
}

/** What an evaluation found. */
export interface EvaluationReport {
  /** One per objective, in their order, then the mean reward; all over the same tasks. */
  readonly estimates: readonly Estimate[]
  readonly perTask: readonly TaskEvaluation[]
  /** Ids of tasks that lack a value of some objective; every estimate is over the others. */
  readonly leftOut: readonly string[]
  readonly unscored: number
  readonly failed: number
  readonly usage: Usage
  readonly judging: Usage
}

/** How a report is made. */
export interface ReportOptions {
  readonly objectives: readonly Objective[]
  /** What unscored samples count as (default `count-as-failure`). */
  readonly unscored?: UnscoredPolicy | undefined
  /** Nominal coverage of the intervals (default 0.95). */
  readonly level?: number | undefined
  /** Of intervals that draw (default 0). */
  readonly seed?: number | undefined
}

/**
 * What one group says of objectives.
 *
 * @throws PosttrainError `unscored` under that policy; `invalid-data` for max@k, or a choice by the reward, of a task
 *   in which a sample without a score would count more than a scored one; what an objective throws
 * @example
 * ```ts
 * import { passAtKObjective } from '@posttrain/estimators'
 *
 * const sample = { id: 'a', taskId: 'a', seed: 0, text: '', finish: 'stop' as const, usage: NO_USAGE }
 * const samples = [0, 1, 2].map((index) => ({ ...sample, index }))
 * const outcomes = [1, 0, 0].map((reward) => ({ kind: 'scored' as const, reward }))
 * const group = { task: { id: 'a', prompt: '' }, samples, outcomes }
 * evaluateGroup(group, [passAtKObjective({ k: 2 })]).values // => [0.6667]
 * ```
 */
export function evaluateGroup(
  group: Group,
  objectives: readonly Objective[],
  unscored: UnscoredPolicy = 'count-as-failure',
): TaskEvaluation {
  for (const objective of objectives) requireChoosable(group, objective, unscored)
  const { outcomes } = scoredGroup(group, unscored)
  return {
    taskId: group.task.id,
    values: objectives.map((objective) =>
      outcomes.length < objective.k ? undefined : askEstimate(objective, group.task, outcomes),
    ),
    meanReward: outcomes.length === 0 ? undefined : mean(outcomes.map(({ reward }) => reward)),
    samples: outcomes.length,
    ...missingOf(group),
    usage: addUsage(group.samples.map(({ usage }) => usage)),
    judging: addUsage(group.outcomes.map(({ usage = NO_USAGE }) => usage)),
  }
}

/**
 * The report on tasks that were evaluated. Intervals are over tasks; a task that lacks a value of some objective is
 * left out of every estimate, so that all of them are over the same tasks.
 *
 * @param perTask as `evaluateGroup` gives them, for the same objectives
 * @throws PosttrainError `invalid-data` if fewer than two tasks have all values
 */
export function evaluationReport(
  perTask: readonly TaskEvaluation[],
  { objectives, unscored: unscoredPolicy = 'count-as-failure', level, seed }: ReportOptions,
): EvaluationReport {
  const isWhole = ({ values, meanReward }: TaskEvaluation): boolean =>
    meanReward !== undefined && !values.includes(undefined)
  const whole = perTask.filter(isWhole)
  const leftOut = perTask.filter((task) => !isWhole(task)).map(({ taskId }) => taskId)
  if (whole.length < 2) {
    const names = objectives.map(({ name }) => name).join(', ') || 'mean reward'
    throw invalidData(
      `${whole.length} of ${perTask.length} tasks have enough scored samples for ${names}, and an interval needs 2`,
      perTask.length < 2 ? 'evaluate more tasks' : "repair the reward function, or choose unscored: 'count-as-failure'",
    )
  }
  const count = (of: (task: TaskEvaluation) => number): number => perTask.reduce((n, task) => n + of(task), 0)
  const [unscored, failed] = [count((task) => task.unscored), count((task) => task.failed)]
  const estimateOf = (name: string, valueOf: (task: TaskEvaluation) => number): Estimate => {
    const values = whole.map((task): TaskValue => ({ value: valueOf(task), samples: task.samples }))
    // The count is that of all tasks, those that were left out too.
    return { ...meanEstimate(values, { name, unscored: unscoredPolicy, level, seed }), unscored: unscored + failed }
  }
  return {
    estimates: [
      ...objectives.map(({ name }, i) => estimateOf(name, ({ values }) => values[i]!)),
      estimateOf('mean reward', ({ meanReward }) => meanReward!),
    ],
    perTask,
    leftOut,
    unscored,
    failed,
    usage: addUsage(perTask.map(({ usage }) => usage)),
    judging: addUsage(perTask.map(({ judging }) => judging)),
  }
}
