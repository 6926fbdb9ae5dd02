import type { Decision, Sample, Task } from '@posttrain/core'
import { betaLead, votersByAnswer } from '@posttrain/estimators'
import type { Drawn } from '../internal/draw-until.js'
import { answersOf } from '../internal/voters.js'
import type { CheckedReading } from '../procedures/vote-reading.js'
import { plurality } from '../procedures/vote-until.js'
import type { AllocationOptions } from './allocation.js'
import { TaskShare } from './task-share.js'

/** Rules of the votes of a shared budget. */
export interface SharedVoteRules extends CheckedReading {
  readonly most: number
  readonly threshold: number
}

/** The votes on one task. */
export class TaskVotes extends TaskShare {
  /** The probability that the leading answer is ahead of the runner-up. */
  lead: number = betaLead(0, 0)
  readonly #rules: SharedVoteRules
  readonly #answers: (string | undefined)[] = []

  constructor(task: Task, rules: SharedVoteRules, run: AllocationOptions) {
    super(task, rules.most, run)
    this.#rules = rules
  }

  protected get isDecided(): boolean {
    return this.lead >= this.#rules.threshold
  }

  protected async look(fresh: readonly Sample[]): Promise<void> {
    const { answerOf, unparsed } = this.#rules
    this.#answers.push(...answersOf(fresh, this.task, answerOf))
    const votes = votersByAnswer(this.#answers, unparsed).map(({ voters }) => voters.length)
    const [first = 0, second = 0] = votes.sort((a, b) => b - a)
    this.lead = betaLead(first, second)
  }

  protected decideOn(drawn: Drawn): Decision {
    const { seed } = this.run
    return plurality({ drawn, answers: this.#answers }, this.task, this.#rules, { seed, id: this.id })
  }
}
