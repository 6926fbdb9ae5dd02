import { withoutReference } from '@posttrain/core'
import type { Decision, Outcome, RewardFunction, Sample, SampleRequest, StopCause, Task } from '@posttrain/core'
import { askReward } from '../ask-reward.js'
import { Budget } from '../internal/budget.js'
import { decide } from '../internal/decide.js'
import type { AllocationOptions } from './allocation.js'
import { nextPasses, type RatePrior } from './attempts-prior.js'

/** The attempts at one task of a shared budget. */
export class TaskAttempts {
  hasPassed = false
  readonly #task: Task
  readonly #by: RewardFunction
  readonly #most: number
  readonly #run: AllocationOptions
  readonly #budget: Budget
  readonly #samples: Sample[] = []
  readonly #outcomes: Outcome[] = []
  #first = -1

  constructor(task: Task, by: RewardFunction, most: number, run: AllocationOptions) {
    this.#task = task
    this.#by = by
    this.#most = most
    this.#run = run
    this.#budget = new Budget(task, run.rules, most)
  }

  get attempts(): number {
    return this.#samples.length
  }

  /** Attempts that did not pass, before one that did. */
  get failed(): number {
    return this.hasPassed ? this.#first : this.attempts
  }

  /** Whether another attempt may be of use, or is owed. */
  get wantsMore(): boolean {
    return this.#room && !(this.hasPassed && this.#budget.mayStop)
  }

  get #room(): boolean {
    return this.attempts < this.#most && this.#budget.reached === undefined
  }

  /** Why nothing more is spent on it, whatever is left; undefined while something may be. */
  get settled(): StopCause | undefined {
    if (this.hasPassed && this.#budget.mayStop) return 'decided'
    if (this.#budget.reached !== undefined) return 'capped'
    return this.attempts >= this.#most ? 'complete' : undefined
  }

  isHopeless(prior: RatePrior, below: number): boolean {
    return this.#budget.mayStop && nextPasses(prior, this.failed) < below
  }

  /** How likely the next attempt passes; what is owed to a task comes before all others. */
  likely(prior: RatePrior): number {
    return this.#budget.mayStop ? nextPasses(prior, this.failed) : Infinity
  }

  /** For the next attempt. */
  request(): SampleRequest {
    const { seed = 0, sampling } = this.#run
    return { ...this.#budget.within(sampling), task: this.#task, count: 1, firstIndex: this.attempts, seed }
  }

  async take(samples: readonly Sample[]): Promise<void> {
    this.#samples.push(...samples)
    this.#budget.spend(samples)
    this.#outcomes.push(...(await askReward(this.#by, withoutReference(this.#task), samples, this.#run)))
    if (this.hasPassed) return
    this.#first = this.#outcomes.findIndex((outcome) => outcome.kind === 'scored' && outcome.reward >= 1)
    this.hasPassed = this.#first >= 0
  }

  /** @param shared the budget of all tasks, for the reason */
  decide(stopped: StopCause, shared: number): Decision {
    const sample = this.#samples[this.#first]
    const { name } = this.#by
    const none = `none of ${this.attempts} samples passed ${name}`
    const reason = sample
      ? `sample ${sample.index} is the first that passed ${name}`
      : `${none}${this.#why(stopped, shared)}`
    return decide({
      task: this.#task,
      drawn: { samples: this.#samples, stopped },
      outcomes: this.#outcomes,
      sample,
      reason,
    })
  }

  #why(stopped: StopCause, shared: number): string {
    if (stopped === 'gave-up') return '; the task was given up'
    return stopped === 'capped' ? `; ${this.#budget.reached ?? `the ${shared} samples of all tasks`} ended it` : ''
  }
}
