import { requestId, throwIfAborted, type Group, type Task } from '@posttrain/core'
import type { Allocation } from './allocation/allocation.js'
import { inLanes, type Lane } from './in-lanes.js'
import { atMost } from './internal/at-most.js'
import { groupOfRuns, runOf, type Run } from './internal/group-of-runs.js'
import { knownGroupsOf } from './known-groups.js'
import { remembered } from './remembered.js'
import { runAllocation } from './run-allocation.js'
import type { RunGroupsOptions } from './run-groups.js'
import { toldGroups, type Finished } from './told-groups.js'

/**
 * Groups of runs of an allocation over all tasks: one sample per run, that of the decision on the task, judged by the
 * reward. A group comes as soon as the last run has decided on its task.
 *
 * Known groups are given out as they are. Their tasks take part in the runs all the same, as long as others lack a
 * group, for what these get depends on them.
 */
export async function* runAllocationGroups(allocation: Allocation, options: RunGroupsOptions): AsyncGenerator<Group> {
  const { reward, count, rules, sampling, seed, inFlight, signal } = options
  const sampler = remembered(options.sampler, options)
  const knownOf = knownGroupsOf(options.knownGroups)
  const judging = atMost(inFlight)

  async function work(tasks: readonly Task[], { emit, fail, closing, over }: Lane<Finished>): Promise<void> {
    const states = new Map(
      tasks.map((task) => [task.id, { task, runs: [] as Run[], known: knownOf({ task, count, seed }) }]),
    )
    const given: Promise<void>[] = []
    for (const { known } of states.values()) if (known) given.push(emit({ group: known, isNew: false }))
    const judged = async (task: Task, runs: readonly Run[]): Promise<void> => {
      const group = await judging(async () => {
        // A failure is known before its place is free, so that no call takes it.
        try {
          throwIfAborted(closing)
          return await groupOfRuns(task, runs, reward, { signal: over })
        } catch (error) {
          fail(error)
          return undefined
        }
      })
      if (group) await emit({ group, isNew: true })
    }
    try {
      for (let run = 0; run < count && given.length < tasks.length; run++) {
        const idOf = ({ id }: Task): string => requestId(id, 'run', run)
        const own = { seed, idOf, rules, sampling, signal: closing }
        for await (const decision of runAllocation(allocation, sampler, tasks, own)) {
          const { task, runs, known } = states.get(decision.taskId)!
          runs.push(runOf(decision, task, run, seed))
          if (run === count - 1 && !known) given.push(judged(task, runs))
        }
      }
    } catch (error) {
      fail(error)
    }
    await Promise.all(given)
  }

  const all: Task[] = []
  for await (const task of inLanes<Task, Task>(options.tasks, 1, (task, { emit }) => emit(task), signal)) all.push(task)
  if (all.length > 0) yield* toldGroups(inLanes([all], 1, work, signal), options)
}
