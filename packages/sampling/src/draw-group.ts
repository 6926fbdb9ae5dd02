import type { Outcome, ProcedureRunOptions, Sample, Sampler, Task, Usage } from '@posttrain/core'
import { invalidArgument } from '@posttrain/core'
import { collectSamples } from './collect-samples.js'

/** Draws the samples of one run of a procedure. */
export async function drawGroup(
  sampler: Sampler,
  task: Task,
  count: number,
  { signal, seed = 0, temperature, maxTokens }: ProcedureRunOptions,
): Promise<readonly Sample[]> {
  const request = {
    task,
    count,
    seed,
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
  }
  const groups = await collectSamples(sampler, [request], signal === undefined ? {} : { signal })
  return groups.get(task.id)!
}

/** Scores the samples of one run. @throws PosttrainError `invalid-argument` without a reward function. */
export async function scoreGroup(
  procedure: string,
  task: Task,
  samples: readonly Sample[],
  { reward, signal }: ProcedureRunOptions,
): Promise<readonly Outcome[]> {
  return requireReward(procedure, reward).score(task, samples, signal === undefined ? {} : { signal })
}

/** The reward function a procedure chooses by, which must be there before the first sample is paid for. */
export function requireReward(
  procedure: string,
  reward: ProcedureRunOptions['reward'],
): NonNullable<ProcedureRunOptions['reward']> {
  if (reward !== undefined) return reward
  throw invalidArgument(
    `${procedure} chooses by a reward, but none was given`,
    `pass one: run(sampler, task, { reward }); a procedure that needs none is majorityVote`,
  )
}

/** What the samples cost together. */
export const totalUsage = (samples: readonly Sample[]): Usage => ({
  promptTokens: samples.reduce((sum, { usage }) => sum + usage.promptTokens, 0),
  completionTokens: samples.reduce((sum, { usage }) => sum + usage.completionTokens, 0),
})
