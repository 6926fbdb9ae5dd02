import { describe, expect, it } from 'vitest'
import type { Sample } from '@posttrain/core'
import { endpointDialects, endpointSampler, openSampleStore } from '@posttrain/endpoints'
import { deepConf, stored } from '@posttrain/sampling'
import { newFile } from '../store/folder.js'

/**
 * A server whose completions are five letters, the last of them A and the others those of the trace: the first two
 * traces are of one request, and the third is unsure of its third token.
 */
function server() {
  const asked: { readonly n?: number; readonly max_tokens?: number; readonly prompt: string }[] = []
  let traces = 0
  const fetch = async (_: string, init: object): Promise<Response> => {
    const body = JSON.parse((init as { body: string }).body) as (typeof asked)[number] & { readonly logprobs: number }
    asked.push(body)
    const { prompt, max_tokens: most = Infinity, n = 1, logprobs: k } = body
    const from = prompt.length - 1
    const choices = Array.from({ length: n }, (__, index) => {
      const letter = from === 0 ? 'abcd'[traces++]! : prompt[1]!
      const said = [0, 1, 2, 3, 4].slice(from, from + most)
      const at = (t: number): object =>
        Object.fromEntries(Array.from({ length: k }, (___, i) => [`id:${i}`, t === 2 && letter === 'c' ? -0.1 : -2]))
      return {
        index,
        text: said.map((t) => (t === 4 ? 'A' : letter)).join(''),
        finish_reason: said.at(-1) === 4 ? 'stop' : 'length',
        token_ids: said,
        logprobs: { token_logprobs: said.map(() => -2), top_logprobs: said.map(at) },
      }
    })
    const completion_tokens = choices.reduce((sum, { text }) => sum + text.length, 0)
    return Response.json({ choices, usage: { prompt_tokens: prompt.length, completion_tokens } })
  }
  return { asked, fetch }
}

describe('deepConf on a server', () => {
  it('stops a trace by the log-probs of likeliest tokens, goes on from texts, and resumes from a store', async () => {
    const { asked, fetch } = server()
    const endpoint = endpointSampler({ url: 'http://a', model: 'm', abilities: 'vllm', api: 'completions', topLogprobs: 3, fetch }) // prettier-ignore
    const store = await openSampleStore(newFile('samples.db'), { sampler: 'a m' })
    const answerOf = ({ text, index }: Sample): string | undefined => (text.endsWith('A') ? `${index % 2}` : undefined)
    const vote = deepConf({ most: 4, warmUp: 2, keep: 1, window: 1, step: 3, share: 1, answerOf })
    const task = { id: 't', prompt: '?' }
    const first = await vote.run(stored(endpoint, store), task)
    expect(first.reason).toBe(
      'the answer 1 weighs 4 of 6 among 3 votes; 1 of 4 traces were stopped, by the threshold 2',
    )
    expect(first.samples.map(({ usage, finish }) => [usage.completionTokens, finish])).toEqual([
      [5, 'stop'],
      [5, 'stop'],
      [3, 'length'],
      [5, 'stop'],
    ])
    expect(asked.map(({ n, max_tokens: most, prompt }) => [n, most, prompt.length])).toEqual([
      [2, undefined, 1],
      [undefined, 3, 1],
      [undefined, 3, 1],
      [undefined, 3, 4],
    ])
    const again = await vote.run(stored(endpoint, store), task)
    expect([asked.length, again.reason, again.samples]).toEqual([4, first.reason, first.samples])
    store.close()
  })

  it('is refused before it is asked anything where a chat cannot go on from a partial answer', async () => {
    const { asked, fetch } = server()
    const abilities = { ...endpointDialects.any, logprobs: 'raw' } as const
    const endpoint = endpointSampler({ url: 'http://a', model: 'm', abilities, topLogprobs: 3, fetch })
    await expect(deepConf({ most: 20 }).run(endpoint, { id: 't', prompt: '?' })).rejects.toMatchObject({
      code: 'unsupported',
      message: 'the server (unknown) cannot go on from a partial answer in a chat',
    })
    expect(asked).toEqual([])
  })
})
