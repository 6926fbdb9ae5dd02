import { withoutReference } from '@posttrain/core'
import type { Decision, Outcome, RewardFunction, Sample, Task } from '@posttrain/core'
import { askReward } from '../ask-reward.js'
import { decide } from '../internal/decide.js'
import type { Drawn } from '../internal/draw-until.js'
import type { AllocationOptions } from './allocation.js'
import { TaskShare } from './task-share.js'

/** The attempts at one task before a verifier. */
export class TaskAttempts extends TaskShare {
  readonly #by: RewardFunction
  readonly #outcomes: Outcome[] = []
  #first = -1

  constructor(task: Task, by: RewardFunction, most: number, run: AllocationOptions) {
    super(task, most, run)
    this.#by = by
  }

  get hasPassed(): boolean {
    return this.#first >= 0
  }

  /** Attempts that did not pass, before one that did. */
  get failed(): number {
    return this.hasPassed ? this.#first : this.drawn
  }

  protected get isDecided(): boolean {
    return this.hasPassed
  }

  protected async look(fresh: readonly Sample[]): Promise<void> {
    this.#outcomes.push(...(await askReward(this.#by, withoutReference(this.task), fresh, this.run)))
    if (this.hasPassed) return
    this.#first = this.#outcomes.findIndex((outcome) => outcome.kind === 'scored' && outcome.reward >= 1)
  }

  protected decideOn(drawn: Drawn): Decision {
    const sample = this.samples[this.#first]
    const { name } = this.#by
    const none = `none of ${this.drawn} samples passed ${name}`
    const reason = sample ? `sample ${sample.index} is the first that passed ${name}` : none
    const end = drawn.stopped === 'gave-up' ? '; the task was given up' : ''
    return decide({ task: this.task, drawn, outcomes: this.#outcomes, sample, reason: `${reason}${end}` })
  }
}
