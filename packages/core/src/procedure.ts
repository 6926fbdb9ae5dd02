import type { BudgetRules } from './budget-rules.js'
import type { CallOptions } from './calls.js'
import type { Objective } from './objective.js'
import type { ScoredOutcome } from './outcome.js'
import type { RewardFunction } from './reward-function.js'
import type { Sample } from './sample.js'
import type { SamplingOptions } from './sample-request.js'
import type { Sampler } from './sampler.js'
import type { Task } from './task.js'
import type { Usage } from './usage.js'

/**
 * Why a run ended. `complete`: it drew all that it draws at most. `decided`: a rule found more of no use. `gave-up`: a
 * rule found the task hopeless. `capped`: a cap of the budget rules came first.
 */
export type StopCause = 'complete' | 'decided' | 'gave-up' | 'capped'

/** A step of a search: what one sample added, where it hangs, and what it was worth. */
export interface DecisionNode {
  /** Its way from the root, for instance `0/2/1`: unique within the decision. */
  readonly id: string
  /** What it continues; none below the root, several where thoughts were joined. */
  readonly parents: readonly string[]
  /** Its place among the decision's samples. */
  readonly sample: number
  /** What the search chose by. `null`: it was not scored. */
  readonly value: number | null
  /** Whether it is a whole completion: nothing else may be answered. */
  readonly isFinished: boolean
}

/** What an inference procedure chose, why, and what it cost. */
export interface Decision {
  readonly taskId: string
  /** The chosen answer: the key that was read where the procedure reads, otherwise the chosen sample's text. */
  readonly answer: string | undefined
  /** What is answered, and what a reward judges. Absent: the procedure abstains. */
  readonly sample: Sample | undefined
  /** One sentence a person can check, for instance `5 of 8 samples answered 42`. */
  readonly reason: string
  /** Why it drew no more. */
  readonly stopped: StopCause
  /** Of every request made, failed ones too. */
  readonly usage: Usage
  /** Of every judgement asked for. Apart from `usage`: tokens of two models do not add up, money does. */
  readonly judging: Usage
  readonly samples: readonly Sample[]
  /** The tree or graph of a search, in the order in which its nodes came. Absent: the samples are independent. */
  readonly nodes?: readonly DecisionNode[] | undefined
}

/** Options of one run of a procedure. */
export interface RunOptions extends CallOptions {
  /** Root of all randomness (default 0). */
  readonly seed?: number | undefined
  /** Names the run (default: the task's id, and then it draws the very samples that an evaluation draws first). */
  readonly id?: string | undefined
  readonly sampling?: SamplingOptions | undefined
  /** Kept by whatever draws, whoever declared the procedure. */
  readonly rules?: BudgetRules | undefined
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
  /**
   * (outcomes): how likely a decision draws each of these samples, where it may end before it has drawn k of them.
   * Absent: k of them, each as likely as any.
   */
  readonly draws?: ((outcomes: readonly ScoredOutcome[]) => ArrayLike<number>) | undefined
  /** Draws what the procedure needs for one task, and decides. */
  run(sampler: Sampler, task: Task, options?: RunOptions): Promise<Decision>
}

/** A procedure that can be trained for. */
export interface ObjectiveProcedure extends Procedure {
  readonly objective: Objective
}
