import { addUsage, NO_USAGE, requestId, shown, throwIfAborted } from '@posttrain/core'
import type { BudgetRules, Decision, Group, Outcome, Procedure, Sampler, SamplingOptions, Task } from '@posttrain/core'
import type { DrawGroupsOptions } from './draw-groups.js'
import { decidedSample } from './internal/decided-sample.js'
import { inLanes } from './in-lanes.js'
import { knownGroupsOf } from './known-groups.js'
import { runProcedure } from './run-procedure.js'
import { tell } from './internal/tell.js'
import { judge } from './judge.js'
import { remembered } from './remembered.js'

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

/**
 * Groups of runs of a procedure: one sample per run, its decision's, judged by the reward. A run that abstains is a
 * scored 0 whatever the policy on unscored samples: it answered nothing, and excluding it would reward abstaining.
 */
export async function* runGroups(procedure: Procedure, options: RunGroupsOptions): AsyncGenerator<Group> {
  const { tasks, reward, count, rules, sampling, seed, inFlight, signal, knownGroups, onGroup } = options
  const sampler = remembered(options.sampler, options)
  const knownOf = knownGroupsOf(knownGroups)
  const stream = inLanes<Task, { readonly group: Group; readonly isNew: boolean }>(
    tasks,
    inFlight,
    async (task, { emit, closing, over }) => {
      const known = knownOf({ task, count, seed })
      if (known) return emit({ group: known, isNew: false })
      const decisions: Decision[] = []
      for (let run = 0; run < count; run++) {
        throwIfAborted(closing)
        const own = { seed, id: requestId(task.id, 'run', run), rules, sampling, signal: closing }
        decisions.push(await runProcedure(procedure, sampler, task, own))
      }
      const samples = decisions.map((decision, index) =>
        decidedSample(decision, { id: task.id, taskId: task.id, index, seed, usage: decision.usage }),
      )
      const answered = samples.filter((_, i) => decisions[i]!.sample)
      throwIfAborted(closing)
      const judged = await judge(task, answered, reward, {}, { signal: over })
      let next = 0
      const outcomes = decisions.map(({ sample, judging }): Outcome => {
        const outcome: Outcome = sample ? judged.outcomes[next++]! : { kind: 'scored', reward: 0 }
        return { ...outcome, usage: addUsage([outcome.usage ?? NO_USAGE, judging]) }
      })
      await emit({ group: { task, samples, outcomes }, isNew: true })
    },
    signal,
  )
  for await (const { group, isNew } of stream) {
    if (onGroup && isNew) await tell('onGroup', `on task ${shown(group.task.id)}`, () => onGroup(group), { signal })
    yield group
  }
}
