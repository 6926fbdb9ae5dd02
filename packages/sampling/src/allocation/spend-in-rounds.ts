import { invalidArgument, requireTasks } from '@posttrain/core'
import type { Decision, Sampler, StopCause, Task } from '@posttrain/core'
import { collect } from '../collect.js'
import type { AllocationOptions } from './allocation.js'
import type { TaskShare } from './task-share.js'

/** How a shared budget is spent. */
export interface SpendingPlan<Share extends TaskShare> {
  /** Samples of all tasks together; never exceeded. */
  readonly budget: number
  /** Samples that every task gets before any gets more. */
  readonly explore: number
  readonly shareOf: (task: Task) => Share
  /** Looks at what exploring showed, and says how it goes on. */
  readonly afterExploring: (shares: readonly Share[]) => Preference<Share>
}

/** Whom the next sample is for. */
export interface Preference<Share extends TaskShare> {
  /** The tasks of which it is greatest get the next sample. */
  readonly urgency: (share: Share) => number
  /** Whether a task is given up (default: none is). */
  readonly isHopeless?: (share: Share) => boolean
}

/** Urgencies as near as this are one: they differ by rounding. */
const ROUNDING = 1e-12

/**
 * Explores every task, then spends what is left where it is most urgent, in rounds of one sample for each task that is
 * as urgent as any: so what a task gets does not depend on which answer arrives first. What rules demand comes before
 * all else.
 */
export async function* spendInRounds<Share extends TaskShare>(
  sampler: Sampler,
  tasks: Iterable<Task> | AsyncIterable<Task>,
  { budget, explore, shareOf, afterExploring }: SpendingPlan<Share>,
  run: AllocationOptions,
): AsyncGenerator<Decision> {
  const all: Task[] = []
  for await (const task of tasks) all.push(task)
  const shares = requireTasks(all).map(shareOf)
  requireCovered(shares.length, Math.max(explore, run.rules?.floor?.samples ?? 0), budget)
  const open = new Set(shares)
  let left = budget

  /** A sample for each of them, the first ones where there is no room for all; all in one call. */
  const round = async (next: readonly Share[]): Promise<void> => {
    const served = next.slice(0, left)
    if (served.length === 0) return
    const requests = served.map((share) => share.request())
    const drawn = await collect(sampler, requests, { signal: run.signal })
    left -= served.length
    await Promise.all(served.map((share, i) => share.take(drawn[i]!)))
  }
  const settle = (closed: (share: Share) => StopCause | undefined): readonly Decision[] =>
    [...open].flatMap((share) => {
      const stopped = closed(share)
      if (stopped === undefined) return []
      open.delete(share)
      return [share.decide(stopped, budget)]
    })

  for (let drawn = 0; drawn < explore; drawn++) {
    await round([...open])
    yield* settle((share) => share.settled)
  }
  const { urgency, isHopeless } = afterExploring(shares)
  const urgencyOf = (share: Share): number => (share.isOwed ? Infinity : urgency(share))
  const givenUp = (share: Share): StopCause | undefined =>
    !share.isOwed && isHopeless?.(share) ? 'gave-up' : undefined
  for (;;) {
    yield* settle((share) => share.settled ?? givenUp(share))
    if (open.size === 0 || left === 0) break
    const urgencies = Array.from(open, (share) => [share, urgencyOf(share)] as const)
    const greatest = urgencies.reduce((most, [, of]) => Math.max(most, of), -Infinity)
    await round(urgencies.flatMap(([share, of]) => (of >= greatest - ROUNDING ? [share] : [])))
  }
  yield* settle(() => 'capped')
}

function requireCovered(tasks: number, each: number, budget: number): void {
  if (tasks * each <= budget) return
  throw invalidArgument(
    `${tasks} tasks get ${each} samples each in any case, but the budget is ${budget}`,
    'raise the budget, or lower explore or the floor',
  )
}
