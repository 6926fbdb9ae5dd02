import type { CallOptions } from './calls.js'
import type { Objective } from './objective.js'
import type { RewardFunction } from './reward-function.js'
import type { Sample } from './sample.js'
import type { SamplingOptions } from './sample-request.js'
import type { Sampler } from './sampler.js'
import type { Task } from './task.js'
import type { Usage } from './usage.js'

/** What an inference procedure chose, why, and what it cost. */
export interface Decision {
  readonly taskId: string
  /** The chosen answer: the key that was read where the procedure reads, otherwise the chosen sample's text. */
  readonly answer: string | undefined
  /** What is answered, and what a reward judges. Absent: the procedure abstains. */
  readonly sample: Sample | undefined
  /** One sentence a person can check, for instance `5 of 8 samples answered 42`. */
  readonly reason: string
  /** Of every request made, failed ones too. */
  readonly usage: Usage
  /** Of every judgement asked for. Apart from `usage`: tokens of two models do not add up, money does. */
  readonly judging: Usage
  readonly samples: readonly Sample[]
}

/** Options of one run of a procedure. */
export interface RunOptions extends CallOptions {
  /** Root of all randomness (default 0). */
  readonly seed?: number | undefined
  /** Names the run (default: the task's id, and then it draws the very samples that an evaluation draws first). */
  readonly id?: string | undefined
  readonly sampling?: SamplingOptions | undefined
}

/** How a procedure sees samples: what it reads from them, and what it chooses by. */
export interface Reading {
  /**
   * Key of the answer that a sample gives; absent from a procedure that reads none. Pure, total and fast; never called
   * for a failed sample. The task has no reference.
   */
  readonly answerOf?: ((sample: Sample, task: Task) => string | undefined) | undefined
  /** What it chooses by, when deployed too. It sees no reference; its verdicts are in `parts[by.name]`. */
  readonly by?: RewardFunction | undefined
}

/**
 * A declared inference procedure: what is deployed, and through its objective what is estimated and trained for. What
 * is measured is what is deployed: evaluation reads answers and chooses as `run` does, and a law checks that both
 * agree.
 */
export interface Procedure extends Reading {
  readonly name: string
  /** Present if and only if what it answers is a symmetric function of k independent samples. */
  readonly objective?: Objective | undefined
  /** Draws what the procedure needs for one task, and decides. */
  run(sampler: Sampler, task: Task, options?: RunOptions): Promise<Decision>
}

/** A procedure that can be trained for. */
export interface ObjectiveProcedure extends Procedure {
  readonly objective: Objective
}
