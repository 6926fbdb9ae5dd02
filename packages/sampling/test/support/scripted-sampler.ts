import type { AbortSignalLike, Outcome, RewardFunction, Sample, Sampler, SampleRequest } from '@posttrain/core'

/** A sampler that reads its completions off a script, and remembers what it was asked. */
export interface ScriptedSampler extends Sampler {
  readonly requests: SampleRequest[]
}

/** Completion `index` of a task is entry `index` of its script, from the start again after the last; they come back to front. */
export function scriptedSampler(script: Readonly<Record<string, readonly string[]>>): ScriptedSampler {
  const requests: SampleRequest[] = []
  return {
    requests,
    async *sample(asked) {
      requests.push(...asked)
      for (const { task, id = task.id, count, firstIndex = 0, seed, prompt } of [...asked].reverse()) {
        const texts = script[task.id]!
        for (let index = firstIndex + count - 1; index >= firstIndex; index--) {
          const text = texts[index % texts.length]!
          const usage = { promptTokens: 3, completionTokens: text.length }
          const own = { id, taskId: task.id, index, seed, usage, ...(prompt === undefined ? {} : { prompt }) }
          yield (
            text === '!' ? { ...own, text: '', finish: 'failed', failure: '503' } : { ...own, text, finish: 'stop' }
          ) satisfies Sample
        }
      }
    },
  }
}

/** Right is what equals the task's reference; `?` cannot be judged, and the empty text gives no answer. */
export const exactMatch: RewardFunction = {
  name: 'exact match',
  async score(task, samples) {
    return samples.map(({ text }): Outcome => {
      if (text === '?') return { kind: 'unscored', reason: 'the judge did not answer' }
      if (text === '') return { kind: 'scored', reward: 0 }
      return { kind: 'scored', reward: text === task.reference ? 1 : 0, answer: text }
    })
  },
}

/** The reward is the number written; anything else is not scored. It needs no reference. */
export const numeric: RewardFunction = {
  name: 'numeric',
  async score(_, samples) {
    return samples.map(({ text }) =>
      text === '' || Number.isNaN(Number(text))
        ? { kind: 'unscored', reason: 'no number' }
        : { kind: 'scored', reward: Number(text) },
    )
  },
}

/** A task whose right answer is A. */
export const task = (id: string): { id: string; prompt: string; reference: string } => ({
  id,
  prompt: '',
  reference: 'A',
})

/** An abort signal to be fired by hand. */
export function manualSignal(): AbortSignalLike & { abort(): void } {
  const controller = new AbortController()
  return Object.assign(controller.signal, { abort: () => controller.abort() })
}

/** A sample of a task. */
export const sampleOf = (taskId: string, index: number, text: string): Sample => ({
  id: taskId,
  taskId,
  index,
  seed: 0,
  text,
  finish: 'stop',
  usage: { promptTokens: 3, completionTokens: text.length },
})
