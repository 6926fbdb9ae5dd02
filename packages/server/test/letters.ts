import type { Prompt, SampleRequest, Sampler } from '@posttrain/core'

/** A sampler that says the letters of a text in turn, and notes what it was asked. */
export function letters(text: string): Sampler & { readonly asked: SampleRequest[] } {
  const asked: SampleRequest[] = []
  return {
    asked,
    async *sample(requests) {
      asked.push(...requests)
      for (const { task, id = task.id, count, firstIndex = 0, seed, maxTokens = 2 } of requests) {
        for (let index = firstIndex; index < firstIndex + count; index++) {
          const letter = text[index % text.length]!
          const own = { id, taskId: task.id, index, seed, usage: usageOf(task.prompt, Math.min(2, maxTokens)) }
          yield letter === '!'
            ? { ...own, text: '', finish: 'failed', failure: '503 from upstream' }
            : { ...own, text: letter, finish: maxTokens < 2 ? 'length' : 'stop' }
        }
      }
    },
  }
}

/** Prices of 1 and 10 per token. */
const usageOf = (prompt: Prompt, completionTokens: number) => {
  const promptTokens = prompt.length
  return { promptTokens, completionTokens, cost: promptTokens + 10 * completionTokens }
}
