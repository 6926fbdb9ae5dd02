import type { UnscoredPolicy } from '@posttrain/core'
import type { TaskEvaluation } from '@posttrain/sampling'
import type { OptionNames } from './option-names.js'

/** What one task of a log contributes to an evaluation. */
export type LoggedEvaluation = Pick<TaskEvaluation, 'taskId' | 'values' | 'samples' | 'unscored'>

/** How tasks are measured. */
export interface EvaluateTasksOptions {
  readonly unscored: UnscoredPolicy
  /** Ids of tasks to leave out. */
  readonly leftOut: ReadonlySet<string>
  /** What hints call the options. */
  readonly optionNames?: OptionNames | undefined
}
