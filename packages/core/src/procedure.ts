import type { Objective } from './objective.js'
import type { RewardFunction } from './outcome.js'
import type { Sample, Usage } from './sample.js'
import type { CallOptions, Sampler } from './sampler.js'
import type { Task } from './task.js'

/** What an inference procedure chose, why, and what it cost. */
export interface Decision {
  /** The chosen answer: a canonical key where the procedure votes, otherwise the chosen sample's text. */
  readonly answer: string | undefined
  /** The sample that carries it; absent when nothing was chosen. */
  readonly sample: Sample | undefined
  /** One sentence a person can check, for instance `5 of 8 samples answered 42`. */
  readonly reason: string
  readonly usage: Usage
  readonly samples: readonly Sample[]
}

/** Options of one run of a procedure. */
export interface ProcedureRunOptions extends CallOptions {
  readonly seed?: number
  readonly temperature?: number
  readonly maxTokens?: number
  /** Needed by procedures that choose by a score or vote over canonical answers. */
  readonly reward?: RewardFunction
}

/** A declared inference procedure: what is deployed, and through its objective what is estimated and trained for. */
export interface Procedure {
  readonly name: string
  readonly objective: Objective
  /** Draws what the procedure needs for one task, and decides. */
  run(sampler: Sampler, task: Task, options?: ProcedureRunOptions): Promise<Decision>
}
