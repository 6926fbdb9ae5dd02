import { invalidArgument, requireFinite, requireInteger, requireTasks } from '@posttrain/core'
import type { Decision, RewardFunction, Sampler, StopCause, Task } from '@posttrain/core'
import { requireBy } from '../checks/require-functions.js'
import { collect } from '../collect.js'
import type { Allocation, AllocationOptions } from './allocation.js'
import { fitRatePrior } from './attempts-prior.js'
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
  return {
    name: `explore-${explore}-of-${budget} by ${by.name}`,
    async *runAll(sampler, tasks, run = {}) {
      const all: Task[] = []
      for await (const task of tasks) all.push(task)
      const states = requireTasks(all).map((task) => new TaskAttempts(task, by, most, run))
      requireCovered(states.length, Math.max(explore, run.rules?.floor?.samples ?? 0), budget)
      const shared = new Shared(sampler, run, budget)
      const open = new Set(states)
      const settle = (closed: (state: TaskAttempts) => StopCause | undefined): readonly Decision[] =>
        [...open].flatMap((state) => {
          const stopped = closed(state)
          if (stopped === undefined) return []
          open.delete(state)
          return [state.decide(stopped, budget)]
        })
      for (let attempt = 0; attempt < explore; attempt++) {
        await shared.round([...open].filter((state) => state.wantsMore && state.attempts < explore))
        yield* settle((state) => state.settled)
      }
      const prior = fitRatePrior(states)
      for (;;) {
        yield* settle((state) => state.settled ?? (state.isHopeless(prior, giveUpBelow) ? 'gave-up' : undefined))
        if (open.size === 0 || shared.left === 0) break
        const likeliest = Math.max(...[...open].map((state) => state.likely(prior)))
        await shared.round([...open].filter((state) => state.likely(prior) >= likeliest - 1e-12))
      }
      yield* settle(() => 'capped')
    },
  }
}

function requireCovered(tasks: number, each: number, budget: number): void {
  if (tasks * each <= budget) return
  throw invalidArgument(
    `${tasks} tasks get ${each} samples each in any case, but the budget is ${budget}`,
    'raise the budget, or lower explore or the floor',
  )
}

/** What all tasks may still spend. */
class Shared {
  left: number
  readonly #sampler: Sampler
  readonly #run: AllocationOptions

  constructor(sampler: Sampler, run: AllocationOptions, budget: number) {
    this.#sampler = sampler
    this.#run = run
    this.left = budget
  }

  /** An attempt at each of the tasks, the first ones where there is no room for all; all in one call. */
  async round(states: readonly TaskAttempts[]): Promise<void> {
    const served = states.slice(0, this.left)
    if (served.length === 0) return
    const { signal } = this.#run
    const drawn = await collect(
      this.#sampler,
      served.map((state) => state.request()),
      { signal },
    )
    this.left -= served.length
    await Promise.all(served.map((state, i) => state.take(drawn[i]!)))
  }
}
