import type { CallOptions } from './calls.js'
import type { Outcome } from './outcome.js'
import type { Sample } from './sample.js'
import type { Task } from './task.js'

/** Judges samples of one task. */
export interface RewardFunction {
  readonly name: string
  /** True if an outcome depends on the other samples given. Absent: callers may split and cache by sample. */
  readonly comparesSamples?: true | undefined
  /** Names in `parts` of its outcomes, so that an objective which reads one is not refused. */
  readonly gives?: readonly string[] | undefined
  /** One outcome per sample, in their order. */
  score(task: Task, samples: readonly Sample[], options?: CallOptions): Promise<readonly Outcome[]>
}
