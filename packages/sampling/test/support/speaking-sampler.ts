import { textOf, type Sample, type Sampler, type SampleRequest } from '@posttrain/core'

/** A sampler that remembers what it was asked. */
export interface SpeakingSampler extends Sampler {
  readonly requests: SampleRequest[]
}

/**
 * Says what its speaker says to a prompt and the text so far, with a token per character, up to a stop text and the limit.
 * A `!` is a request that fails.
 */
export function speakingSampler(
  speak: (prompt: string, text: string, request: SampleRequest, index: number) => string,
): SpeakingSampler {
  const requests: SampleRequest[] = []
  return {
    requests,
    async *sample(asked) {
      requests.push(...asked)
      for (const request of asked) {
        const { task, id = task.id, count, firstIndex = 0, seed, prompt, prefix = [], stop = [] } = request
        const { maxTokens = Infinity } = request
        const before = textOf(prefix)
        for (let index = firstIndex; index < firstIndex + count; index++) {
          const own = { id, taskId: task.id, index, seed, prompt }
          const said = speak((prompt ?? task.prompt) as string, before, request, index)
          const ends = stop.map((text) => [said.indexOf(text), text] as const).filter(([at]) => at >= 0)
          const [at, stoppedBy] = ends.sort(([a], [b]) => a - b)[0] ?? [said.length, undefined]
          const whole = at + (stoppedBy?.length ?? 0)
          const isCut = whole > maxTokens
          const usage = { promptTokens: 1, completionTokens: Math.min(whole, maxTokens) }
          if (said === '!') yield { ...own, text: before, finish: 'failed', failure: '503', usage } satisfies Sample
          else if (isCut)
            yield { ...own, text: before + said.slice(0, maxTokens), finish: 'length', usage } satisfies Sample
          else yield { ...own, text: before + said.slice(0, at), finish: 'stop', stoppedBy, usage } satisfies Sample
        }
      }
    },
  }
}
