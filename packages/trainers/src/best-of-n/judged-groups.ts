import {
  invalidArgument,
  invalidData,
  requireInteger,
  throwIfAborted,
  type CallOptions,
  type RewardFunction,
  type Sample,
  type Sampler,
  type ScoredOutcome,
  type Task,
} from '@posttrain/core'

/** Which samples to draw and what judges them. */
export interface DrawJudgedOptions extends CallOptions {
  readonly sampler: Sampler
  /** Each with an id of its own. */
  readonly tasks: readonly Task[]
  readonly reward: RewardFunction
  /** Samples per task. */
  readonly count: number
  /** Default 0. The same seed draws the same samples. */
  readonly seed?: number
  readonly maxTokens?: number
}

/** The samples of one task that got a score. */
export interface JudgedSamples {
  readonly task: Task
  readonly samples: readonly Sample[]
  /** One per sample, in their order. */
  readonly outcomes: readonly ScoredOutcome[]
  /** Samples left out because they had no score. */
  readonly unscored: number
}

/** Draws and judges; a task comes as soon as all its samples are there, so that a stop loses only unfinished tasks. */
export async function* drawJudged(options: DrawJudgedOptions): AsyncGenerator<JudgedSamples> {
  const { sampler, tasks, reward, seed = 0, maxTokens, signal } = options
  const count = requireInteger('count', options.count, { min: 1 })
  const waiting = new Map(tasks.map((task) => [task.id, { task, samples: [] as Sample[], drawn: 0 }]))
  if (waiting.size < tasks.length)
    throw invalidArgument('two tasks have the same id', 'give every task an id of its own')
  if (tasks.length === 0) return
  const call = signal ? { signal } : {}
  const requests = tasks.map((task) => ({ task, count, seed, ...(maxTokens === undefined ? {} : { maxTokens }) }))
  for await (const sample of sampler.sample(requests, call)) {
    const group = waiting.get(sample.taskId)
    if (group === undefined || group.samples[sample.index] !== undefined || sample.index >= count) {
      throw invalidData(`the sampler gave sample ${sample.index} of task ${sample.taskId}, which was not asked for`)
    }
    group.samples[sample.index] = sample
    if (++group.drawn < count) continue
    waiting.delete(sample.taskId)
    throwIfAborted(signal)
    yield await judged(group.task, group.samples, reward, call)
  }
  for (const { task, drawn } of waiting.values()) {
    throw invalidData(`the sampler ended with ${drawn} of ${count} samples of task ${task.id}`)
  }
}

async function judged(
  task: Task,
  drawn: readonly Sample[],
  reward: RewardFunction,
  call: CallOptions,
): Promise<JudgedSamples> {
  const all = await reward.score(task, drawn, call)
  const samples: Sample[] = []
  const outcomes: ScoredOutcome[] = []
  all.forEach((outcome, i) => {
    if (outcome.kind !== 'scored') return
    samples.push(drawn[i]!)
    outcomes.push(outcome)
  })
  return { task, samples, outcomes, unscored: drawn.length - samples.length }
}
