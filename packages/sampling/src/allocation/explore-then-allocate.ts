import { requireFinite, requireInteger, type RewardFunction, type Task } from '@posttrain/core'
import { requireBy } from '../checks/require-functions.js'
import type { Allocation } from './allocation.js'
import { fitRatePrior, nextPasses } from './attempts-prior.js'
import { spendInRounds, type Preference } from './spend-in-rounds.js'
import { TaskAttempts } from './task-attempts.js'

/** Attempts before a verifier that tasks share. */
export interface ExploreThenAllocateOptions {
  /** Samples of all tasks together; never exceeded. */
  readonly budget: number
  /** Attempts that every task gets before any gets more (default 2). */
  readonly explore?: number | undefined
  /** Attempts at one task, at most: the full budget of those that always get it (default 64). */
  readonly most?: number | undefined
  /** A task is given up whose next attempt passes with a probability below it (default 0: none is). */
  readonly giveUpBelow?: number | undefined
  /** The verifier: an attempt passes with a reward of at least 1. It sees no reference. */
  readonly by: RewardFunction
}

/**
 * Explore, then allocate: every task gets some attempts before a verifier; their success rates over tasks, a Beta
 * distribution, are fitted to what became of them; then the next attempt always goes to a task that has not passed and
 * whose next attempt is most likely to pass, a/(a + b + failures), until the budget is spent or every task has passed
 * or is given up. Since each failure makes the next attempt less likely, this is the greedy order that is optimal for
 * the fitted rates.
 *
 * Attempts are drawn in rounds, of one for each task that is as likely as any, so that what a task gets does not depend
 * on which answer arrives first. Floors, caps and tasks that always get the full budget are kept: a floor is spent
 * before anything else, and a task that always gets the full budget gets `most` attempts, as long as there are any.
 *
 * @returns an allocation named `explore-N-of-BUDGET by NAME`
 * @throws PosttrainError `invalid-argument` for numbers out of range, a missing `by`, or at the first pull for a budget
 *   that does not cover what every task gets in any case
 * @example
 * ```ts
 * const by: RewardFunction = {
 *   name: 'tests',
 *   score: async (_, samples) => samples.map(({ index }) => ({ kind: 'scored', reward: index === 3 ? 1 : 0 })),
 * }
 * exploreThenAllocate({ budget: 100, by }).name // => 'explore-2-of-100 by tests'
 * ```
 */
export function exploreThenAllocate(options: ExploreThenAllocateOptions): Allocation {
  const { budget, explore = 2, most = 64, giveUpBelow = 0, by } = options
  requireInteger('budget', budget, { min: 1 })
  requireInteger('most', most, { min: 1 })
  requireInteger('explore', explore, { min: 1, max: most })
  requireFinite('giveUpBelow', giveUpBelow, { min: 0, below: 1 })
  requireBy('exploreThenAllocate', by)
  const afterExploring = (shares: readonly TaskAttempts[]): Preference<TaskAttempts> => {
    const prior = fitRatePrior(shares)
    const urgency = ({ failed }: TaskAttempts): number => nextPasses(prior, failed)
    return { urgency, isHopeless: (share) => urgency(share) < giveUpBelow }
  }
  return {
    name: `explore-${explore}-of-${budget} by ${by.name}`,
    runAll: (sampler, tasks, run = {}) => {
      const shareOf = (task: Task): TaskAttempts => new TaskAttempts(task, by, most, run)
      return spendInRounds(sampler, tasks, { budget, explore, shareOf, afterExploring }, run)
    },
  }
}
