import type { Decision, Sample, SampleRequest, StopCause, Task } from '@posttrain/core'
import { Budget } from '../internal/budget.js'
import type { Drawn } from '../internal/draw-until.js'
import type { AllocationOptions } from './allocation.js'
import { runIdOf } from './run-id.js'

/** What one task draws of a budget that tasks share, and what it has seen. */
export abstract class TaskShare {
  protected readonly task: Task
  /** Names the run on this task. */
  protected readonly id: string
  protected readonly run: AllocationOptions
  protected readonly samples: Sample[] = []
  readonly #most: number
  readonly #budget: Budget

  /** @param most samples of this task, at most */
  constructor(task: Task, most: number, run: AllocationOptions) {
    this.task = task
    this.id = runIdOf(task, run)
    this.run = run
    this.#most = most
    this.#budget = new Budget(task, run.rules, most)
  }

  /** Whether what it has seen makes more of no use. */
  protected abstract get isDecided(): boolean

  /** Takes in new samples, which are among `samples` by then. */
  protected abstract look(fresh: readonly Sample[]): Promise<void>

  protected abstract decideOn(drawn: Drawn): Decision

  get drawn(): number {
    return this.samples.length
  }

  /** Whether a rule demands more, whatever it has seen. */
  get isOwed(): boolean {
    return !this.#budget.mayStop
  }

  /** Why nothing more is spent on it, whatever is left; undefined while something may be. */
  get settled(): StopCause | undefined {
    if (this.isDecided && this.#budget.mayStop) return 'decided'
    if (this.#budget.reached !== undefined) return 'capped'
    return this.drawn >= this.#most ? 'complete' : undefined
  }

  /** For its next sample. */
  request(): SampleRequest {
    const { task, id, drawn } = this
    const { seed = 0, sampling } = this.run
    return { ...this.#budget.within(sampling), task, count: 1, firstIndex: drawn, seed, id }
  }

  async take(fresh: readonly Sample[]): Promise<void> {
    this.samples.push(...fresh)
    this.#budget.spend(fresh)
    await this.look(fresh)
  }

  /** @param shared the budget of all tasks, for the reason */
  decide(stopped: StopCause, shared: number): Decision {
    const cap = stopped === 'capped' ? (this.#budget.reached ?? `the ${shared} samples of all tasks`) : undefined
    return this.decideOn({ samples: this.samples, stopped, cap })
  }
}
