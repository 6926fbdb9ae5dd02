import type { Outcome, RewardFunction, Sample, Sampler, SampleRequest } from '@posttrain/core'

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
      for (const { task, count, firstIndex = 0, seed } of [...asked].reverse()) {
        const texts = script[task.id]!
        for (let index = firstIndex + count - 1; index >= firstIndex; index--) {
          const text = texts[index % texts.length]!
          const usage = { promptTokens: 3, completionTokens: text.length }
          yield { taskId: task.id, index, seed, text, finish: 'stop', usage } satisfies Sample
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

/** A task whose right answer is A. */
export const task = (id: string): { id: string; prompt: string; reference: string } => ({
  id,
  prompt: '',
  reference: 'A',
})

/** An abort signal to be fired by hand. */
export function manualSignal(): { aborted: boolean; addEventListener(): void; removeEventListener(): void } {
  return { aborted: false, addEventListener: () => {}, removeEventListener: () => {} }
}
