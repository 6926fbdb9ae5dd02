import { requestId, throwIfAborted } from '@posttrain/core'
import type { BudgetRules, Group, Procedure, Sampler, SamplingOptions, Task } from '@posttrain/core'
import type { DrawGroupsOptions } from './draw-groups.js'
import { groupOfRuns, runOf, type Run } from './internal/group-of-runs.js'
import { inLanes } from './in-lanes.js'
import { knownGroupsOf } from './known-groups.js'
import { remembered } from './remembered.js'
import { runProcedure } from './run-procedure.js'
import { toldGroups, type Finished } from './told-groups.js'

/** What to run, and how often. */
export interface RunGroupsOptions extends Omit<DrawGroupsOptions, 'reading' | 'concurrency'> {
  readonly sampler: Sampler
  readonly tasks: AsyncIterable<Task>
  /** Runs per task. */
  readonly count: number
  readonly rules: BudgetRules | undefined
  readonly sampling: SamplingOptions | undefined
  readonly seed: number
  readonly inFlight: number
}

/** Groups of runs of a procedure: one sample per run, its decision's, judged by the reward. */
export async function* runGroups(procedure: Procedure, options: RunGroupsOptions): AsyncGenerator<Group> {
  const { tasks, reward, count, rules, sampling, seed, inFlight, signal, knownGroups } = options
  const sampler = remembered(options.sampler, options)
  const knownOf = knownGroupsOf(knownGroups)
  const stream = inLanes<Task, Finished>(
    tasks,
    inFlight,
    async (task, { emit, closing, over }) => {
      const known = knownOf({ task, count, seed })
      if (known) return emit({ group: known, isNew: false })
      const runs: Run[] = []
      for (let run = 0; run < count; run++) {
        throwIfAborted(closing)
        const own = { seed, id: requestId(task.id, 'run', run), rules, sampling, signal: closing }
        runs.push(runOf(await runProcedure(procedure, sampler, task, own), task, run, seed))
      }
      throwIfAborted(closing)
      await emit({ group: await groupOfRuns(task, runs, reward, { signal: over }), isNew: true })
    },
    signal,
  )
  yield* toldGroups(stream, options)
}
