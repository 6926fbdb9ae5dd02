import type { Sample, SampleRequest } from '@posttrain/core'
import { TabularPolicy } from '@posttrain/models'

/** Makes a one-token policy draw given tokens instead of random ones, request by request. */
export function script(policy: TabularPolicy, tokensOf: (request: SampleRequest) => readonly number[]): TabularPolicy {
  policy.sample = async function* (requests): AsyncGenerator<Sample> {
    for (const request of requests) {
      const { task, firstIndex = 0, count, seed, id = task.id, prompt } = request
      const tokens = tokensOf(request).slice(firstIndex, firstIndex + count)
      for (const [i, token] of tokens.entries()) {
        yield {
          id,
          taskId: task.id,
          index: firstIndex + i,
          seed,
          prompt,
          text: policy.tokenizer.decode([token]),
          tokens: [token],
          finish: 'stop',
          usage: { promptTokens: 1, completionTokens: 1 },
        }
      }
    }
  }
  return policy
}
