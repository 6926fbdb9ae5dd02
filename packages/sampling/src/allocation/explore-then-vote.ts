import { requireInteger, type Task } from '@posttrain/core'
import { isVoteDecided } from '@posttrain/estimators'
import { checkedReading, type VoteReading } from '../procedures/vote-reading.js'
import type { Allocation } from './allocation.js'
import { spendInRounds } from './spend-in-rounds.js'
import { TaskVotes } from './task-votes.js'

/** Votes that tasks share, where nothing verifies an answer. */
export interface ExploreThenVoteOptions extends VoteReading {
  /** Samples of all tasks together; never exceeded. */
  readonly budget: number
  /** Votes that every task gets before any gets more (default 2). */
  readonly explore?: number | undefined
  /** Votes on one task, at most: the full budget of those that always get it (default 40). */
  readonly most?: number | undefined
  /** A vote is decided once its leading answer is ahead with this probability, on (½, 1) (default 0.95). */
  readonly threshold?: number | undefined
}

/**
 * Adaptive consistency (Aggarwal et al. 2023, https://arxiv.org/abs/2305.11860) with a budget that tasks share: every
 * task gets some votes; then the next one always goes to the task whose vote is least decided, that is with the
 * greatest probability I_{1/2}(v₁ + 1, v₂ + 1) that its leading answer of v₁ votes is no more likely than the runner-up
 * of v₂, until the budget is spent or every vote is decided. Each task answers with its plurality.
 *
 * Votes are drawn in rounds, of one for each task that is as undecided as any, so that what a task gets does not depend
 * on which answer arrives first. Floors, caps and tasks that always get the full budget are kept as by
 * `exploreThenAllocate`.
 *
 * It finds the most frequent answers, right or wrong, as a rule more often than as many samples spread evenly.
 * A task whose answers are near a tie, or that gives none, is the least decided for long; `most` bounds what it takes.
 *
 * @returns an allocation named for instance `explore-2-of-100 vote (beta 0.95)`
 * @throws PosttrainError `invalid-argument` for numbers out of range or unknown rules, or at the first pull for a
 *   budget that does not cover what every task gets in any case
 * @example
 * ```ts
 * exploreThenVote({ budget: 100, threshold: 0.9 }).name // => 'explore-2-of-100 vote (beta 0.9)'
 * ```
 */
export function exploreThenVote(options: ExploreThenVoteOptions): Allocation {
  const { budget, explore = 2, most = 40, threshold = 0.95 } = options
  const reading = checkedReading('exploreThenVote', options)
  requireInteger('budget', budget, { min: 1 })
  requireInteger('most', most, { min: 1 })
  requireInteger('explore', explore, { min: 1, max: most })
  isVoteDecided([], { threshold }) // checks it
  const rules = { ...reading, most, threshold }
  return {
    name: `explore-${explore}-of-${budget} vote (beta ${threshold})`,
    runAll: (sampler, tasks, run = {}) => {
      const shareOf = (task: Task): TaskVotes => new TaskVotes(task, rules, run)
      const afterExploring = () => ({ urgency: ({ lead }: TaskVotes): number => 1 - lead })
      return spendInRounds(sampler, tasks, { budget, explore, shareOf, afterExploring }, run)
    },
  }
}
