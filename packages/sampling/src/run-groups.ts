import {
  addUsage,
  NO_USAGE,
  requestId,
  withoutReference,
  type Decision,
  type Group,
  type Outcome,
} from '@posttrain/core'
import type { Procedure, Sampler, SamplingOptions, Task } from '@posttrain/core'
import type { DrawGroupsOptions } from './draw-groups.js'
import { decidedSample } from './internal/decided-sample.js'
import { inLanes } from './internal/in-lanes.js'
import { judge } from './judge.js'
import { remembered } from './remembered.js'

/** What to run, and how often. */
export interface RunGroupsOptions extends Omit<DrawGroupsOptions, 'reading' | 'concurrency'> {
  readonly sampler: Sampler
  readonly tasks: AsyncIterable<Task>
  /** Runs per task. */
  readonly count: number
  readonly sampling: SamplingOptions | undefined
  readonly seed: number
  readonly inFlight: number
}

/**
 * Groups of runs of a procedure: one sample per run, its decision's, judged by the reward. A run that abstains is a
 * scored 0 whatever the policy on unscored samples: it answered nothing, and excluding it would reward abstaining.
 */
export async function* runGroups(procedure: Procedure, options: RunGroupsOptions): AsyncGenerator<Group> {
  const { tasks, reward, count, sampling, seed, inFlight, signal } = options
  const sampler = remembered(options.sampler, options)
  yield* inLanes<Task, Group>(
    tasks,
    inFlight,
    async (task, { emit, signal: stop }) => {
      const decisions: Decision[] = []
      for (let run = 0; run < count; run++) {
        const id = requestId(task.id, 'run', run)
        decisions.push(await procedure.run(sampler, withoutReference(task), { seed, id, sampling, signal: stop }))
      }
      const samples = decisions.map((decision, index) =>
        decidedSample(decision, { id: task.id, taskId: task.id, index, seed, usage: decision.usage }),
      )
      const answered = samples.filter((_, i) => decisions[i]!.sample)
      const judged = await judge(task, answered, reward, {}, { signal: stop })
      let next = 0
      const outcomes = decisions.map(({ sample, judging }): Outcome => {
        const outcome: Outcome = sample ? judged.outcomes[next++]! : { kind: 'scored', reward: 0 }
        return { ...outcome, usage: addUsage([outcome.usage ?? NO_USAGE, judging]) }
      })
      await emit({ task, samples, outcomes })
    },
    signal,
  )
}
