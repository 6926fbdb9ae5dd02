import { addUsage, NO_USAGE } from '@posttrain/core'
import type { CallOptions, Decision, Group, Outcome, RewardFunction, Sample, Task, Usage } from '@posttrain/core'
import { judge } from '../judge.js'
import { decidedSample } from './decided-sample.js'

/** What is left of a run once it has decided. */
export interface Run {
  /** What it answered, with the cost of all that it drew. */
  readonly sample: Sample
  readonly abstains: boolean
  readonly judging: Usage
}

export const runOf = (decision: Decision, { id }: Task, index: number, seed: number): Run => ({
  sample: decidedSample(decision, { id, taskId: id, index, seed, usage: decision.usage }),
  abstains: !decision.sample,
  judging: decision.judging,
})

/**
 * The group of a task's runs, judged by the reward. A run that abstains is a scored 0 whatever the policy on unscored
 * samples: it answered nothing, and excluding it would reward abstaining.
 */
export async function groupOfRuns(
  task: Task,
  runs: readonly Run[],
  reward: RewardFunction,
  options: CallOptions,
): Promise<Group> {
  const answered = runs.filter(({ abstains }) => !abstains).map(({ sample }) => sample)
  const judged = await judge(task, answered, reward, {}, options)
  let next = 0
  const outcomes = runs.map(({ abstains, judging }): Outcome => {
    const outcome: Outcome = abstains ? { kind: 'scored', reward: 0 } : judged.outcomes[next++]!
    return { ...outcome, usage: addUsage([outcome.usage ?? NO_USAGE, judging]) }
  })
  return { task, samples: runs.map(({ sample }) => sample), outcomes }
}
