import { invalidData, requireLength, scoredOutcomes } from '@posttrain/core'
import type { DenominatorPolicy, Estimate, Objective, Outcome, Sample, Usage } from '@posttrain/core'
import { meanEstimate, type TaskValue } from '@posttrain/estimators'
import { totalUsage } from './draw-group.js'

/** One task of an evaluation. */
export interface TaskResult {
  readonly taskId: string
  readonly samples: readonly Sample[]
  /** One per sample, in order. */
  readonly outcomes: readonly Outcome[]
  /** The procedure's metric on this task; absent if `exclude` left fewer scored samples than it needs. */
  readonly value: number | undefined
  /** Mean reward on this task; absent if `exclude` left no sample. */
  readonly meanReward: number | undefined
}

/** What an evaluation found. */
export interface EvaluationReport {
  /** The procedure's metric, then the mean reward. */
  readonly estimates: readonly Estimate[]
  /** In the order of the tasks. */
  readonly perTask: readonly TaskResult[]
  /** Ids of tasks without a value; the metric is a mean over the others. */
  readonly leftOut: readonly string[]
  /** What all samples cost. */
  readonly usage: Usage
}

/** The samples of one task and their outcomes. */
export interface ScoredGroup {
  readonly taskId: string
  readonly samples: readonly Sample[]
  readonly outcomes: readonly Outcome[]
}

/** How a report is made of outcomes. */
export interface ReportOptions {
  readonly unscored: DenominatorPolicy
  readonly level: number
  readonly seed: number
}

/**
 * The report on samples that are scored already, for instance in a log.
 *
 * @throws PosttrainError `unscored` under the policy `throw`; `invalid-data` if fewer than two tasks have a value
 */
export function evaluationReport(
  groups: readonly ScoredGroup[],
  objective: Objective,
  { unscored, level, seed }: ReportOptions,
): EvaluationReport {
  const results = groups.map((group) => {
    requireLength(`outcomes of task ${group.taskId}`, group.outcomes, group.samples.length)
    const scored = scoredOutcomes(group.outcomes, unscored)
    const value = scored.length < objective.minimumSamples ? undefined : objective.estimate(scored)
    const sum = scored.reduce((total, { reward }) => total + reward, 0)
    const meanReward = scored.length === 0 ? undefined : sum / scored.length
    return { task: { ...group, value, meanReward }, used: scored.length }
  })

  const unscoredSamples = groups.reduce((sum, { outcomes }) => sum + unscoredCount(outcomes), 0)
  const estimateOf = (name: string, valueOf: (task: TaskResult) => number | undefined): Estimate => {
    const values = results.flatMap(({ task, used }): TaskValue[] => {
      const value = valueOf(task)
      return value === undefined ? [] : [{ value, samples: used }]
    })
    if (values.length < 2) {
      throw invalidData(
        `${name} has a value on ${values.length} of ${groups.length} tasks only; the others have too few scored samples`,
        "repair the reward function, or choose the denominator policy 'count-as-failure'",
      )
    }
    const estimate = meanEstimate(values, { name, denominator: unscored, level, seed })
    return { ...estimate, unscored: unscoredSamples } // also those of tasks that were left out
  }
  return {
    estimates: [
      estimateOf(objective.name, ({ value }) => value),
      estimateOf('mean reward', ({ meanReward }) => meanReward),
    ],
    perTask: results.map(({ task }) => task),
    leftOut: results.flatMap(({ task }) => (task.value === undefined ? [task.taskId] : [])),
    usage: totalUsage(groups.flatMap(({ samples }) => samples)),
  }
}

const unscoredCount = (outcomes: readonly Outcome[]): number =>
  outcomes.filter(({ kind }) => kind === 'unscored').length
