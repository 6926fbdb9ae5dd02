import type { Outcome, RewardFunction, Sample, Sampler, SampleRequest, Task } from '@posttrain/core'
import { TabularPolicy } from '@posttrain/models'
import type { TrainingEvent } from '../../src/loops/online/events.js'
import type { OnlineSettings, TrainOnlineOptions } from '../../src/loops/online/settings.js'
import { trainOnline } from '../../src/loops/online/train-online.js'

/** One word is a completion. */
export const words = ['a', 'b', 'c', 'd']
const prompts = ['easy', 'hard', 'mixed']
export const tasks: readonly Task[] = prompts.map((prompt) => ({ id: prompt, prompt }))

/** Everything solves the easy task, nothing the hard one, and the first two words the mixed one. */
export const reward: RewardFunction = {
  name: 'table',
  score: async (task, samples) =>
    samples.map(({ text }): Outcome => {
      const right = task.id === 'easy' || (task.id === 'mixed' && text < 'c')
      return { kind: 'scored', reward: right ? 1 : 0, answer: text }
    }),
}

export const newPolicy = (): TabularPolicy => new TabularPolicy({ prompts, words })

export const settings = (changes: Partial<OnlineSettings> = {}): OnlineSettings => ({
  policy: newPolicy(),
  tasks,
  reward,
  steps: 2,
  samplesPerPrompt: 8,
  optimizer: { learningRate: 0.1 },
  seed: 1,
  ...changes,
})

export async function eventsOf(options: TrainOnlineOptions): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = []
  for await (const event of trainOnline(options)) events.push(event)
  return events
}

/** The steps of a run that takes nothing but steps, with their groups. */
export async function stepsOf(options: TrainOnlineOptions): Promise<Extract<TrainingEvent, { kind: 'step' }>[]> {
  return (await eventsOf(options)).map((event) => {
    if (event.kind !== 'step') throw new Error(event.kind)
    return event
  })
}

/** A sampler that notes what it was asked for and what it gave. */
export function noting(inner: Sampler): Sampler & { readonly calls: SampleRequest[][]; readonly samples: Sample[] } {
  const [calls, samples]: [SampleRequest[][], Sample[]] = [[], []]
  return {
    calls,
    samples,
    get provenance() {
      return inner.provenance
    },
    async *sample(requests, options) {
      calls.push([...requests])
      for await (const sample of inner.sample(requests, options)) {
        samples.push(sample)
        yield sample
      }
    },
  }
}

/** A sampler of which some samples fail. */
export const failing = (inner: Sampler, fails: (sample: Sample) => boolean): Sampler => ({
  get provenance() {
    return inner.provenance
  },
  async *sample(requests, options) {
    for await (const sample of inner.sample(requests, options)) {
      const { tokens: _, logprobs: __, textEnds: ___, ...rest } = sample
      yield fails(sample) ? { ...rest, text: '', finish: 'failed', failure: 'cable cut' } : sample
    }
  },
})

/** A policy that nobody may touch. */
export const untouchable: TabularPolicy = new Proxy(newPolicy(), {
  get(_, name) {
    throw new Error(`the policy was asked for ${String(name)}`)
  },
})
