import { createStream, type CallOptions, type RewardFunction, type Sampler, type Task } from '@posttrain/core'
import { collectSamples } from '@posttrain/sampling'
import type { SampleRecord } from './records.js'

/** What to draw and how to judge it. */
export interface MeasureOptions extends CallOptions {
  readonly system: string
  readonly sampler: Sampler
  readonly tasks: readonly Task[]
  readonly reward: RewardFunction
  readonly samplesPerTask: number
  readonly maxTokens: number
  readonly seed: number
  /** Called after each sample with the number drawn so far and their tokens. */
  readonly onSample?: (drawn: number, tokens: number) => void
}

/**
 * Draws and judges samples of every task. The seed does not depend on the system: two systems answer with the same
 * uniforms, which makes their paired difference sharper.
 */
export async function measure(options: MeasureOptions): Promise<SampleRecord[]> {
  const { system, sampler, tasks, reward, samplesPerTask, maxTokens, signal, onSample } = options
  const seed = createStream(options.seed, 'measurement').integer(2 ** 31)
  const requests = tasks.map((task) => ({ task, count: samplesPerTask, maxTokens, seed }))
  let drawn = 0
  let tokens = 0
  const samples = await collectSamples(sampler, requests, {
    ...(signal ? { signal } : {}),
    onSample: ({ usage }) => onSample?.(++drawn, (tokens += usage.promptTokens + usage.completionTokens)),
  })
  const records: SampleRecord[] = []
  for (const task of tasks) {
    const group = samples.get(task.id)!
    const outcomes = await reward.score(task, group)
    group.forEach((sample, i) => {
      const outcome = outcomes[i]!
      records.push({
        system,
        task_id: task.id,
        index: sample.index,
        completion: sample.text,
        reward: outcome.kind === 'scored' ? outcome.reward : null,
        answer: outcome.kind === 'scored' ? (outcome.answer ?? null) : null,
        tokens: sample.usage.completionTokens,
        logprob: sample.logprobs!.values.reduce((sum, value) => sum + value, 0),
      })
    })
  }
  return records
}
