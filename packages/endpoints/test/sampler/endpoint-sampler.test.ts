import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Sample, SampleRequest, Task } from '@posttrain/core'
import { endpointDialects, endpointSampler, type EndpointSamplerOptions } from '@posttrain/endpoints'
import { samplerLaws } from '@posttrain/laws'
import { collect } from '@posttrain/sampling'
import { completionOf, fakeServer, type FakeServer, type Override } from './fake-server.js'

const task: Task = { id: 'a', prompt: 'say' }
const made = (server: FakeServer, options: Partial<EndpointSamplerOptions> = {}) =>
  endpointSampler({ url: 'http://localhost:1', model: 'm', abilities: 'vllm', fetch: server.fetch, ...options })
async function drawn(
  request: Partial<SampleRequest> = {},
  options: Partial<EndpointSamplerOptions> = {},
  override?: Override,
): Promise<{ samples: readonly Sample[]; server: FakeServer }> {
  const server = fakeServer(override)
  const [samples] = await collect(made(server, options), [{ task, count: 1, seed: 0, ...request }])
  return { samples: samples!, server }
}
const refusal = async (...given: Parameters<typeof drawn>): Promise<{ code: string; message: string; hint?: string }> =>
  drawn(...given).then(
    () => expect.unreachable('nothing was refused'),
    (error: unknown) => error as { code: string; message: string; hint?: string },
  )

describe.each([
  ['n choices of a chat', { abilities: 'vllm' }],
  ['n texts with log-probs', { abilities: 'vllm', api: 'completions', logprobs: true }],
  ['a request for each sample', { abilities: 'llama.cpp' }],
] as const)('%s', (_, options) => {
  const tasks = ['a', 'b', 'c'].map((id) => ({ id, prompt: `say ${id}` }))
  it.each(samplerLaws(made(fakeServer(), options), { tasks }))('$name', ({ property }) =>
    fc.assert(property, { numRuns: 20 }),
  )
})

describe('what is sent', () => {
  it('are the options as they are given, a temperature of 0 too, and nothing else', async () => {
    const given = { temperature: 0, topP: 0.5, topK: 3, minP: 0.1, maxTokens: 4, stop: ['\n'], count: 3, firstIndex: 2 }
    const { server } = await drawn(given)
    expect(server.sent).toHaveLength(1)
    expect(server.sent[0]).toMatchObject({ path: '/v1/chat/completions' })
    expect(server.sent[0]!.body).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'say' }],
      temperature: 0,
      top_p: 0.5,
      top_k: 3,
      min_p: 0.1,
      max_tokens: 4,
      stop: ['\n'],
      n: 3,
      seed: expect.any(Number),
      return_token_ids: true,
    })
    const plain = await drawn({}, { abilities: 'any' })
    expect(Object.keys(plain.server.sent[0]!.body).sort()).toEqual(['messages', 'model', 'seed', 'temperature'])
    expect(plain.server.sent[0]!.headers.get('authorization')).toBeNull()
  })

  it('is a seed that counts up with the index, so that a later index alone is the same sample', async () => {
    const { samples, server } = await drawn({ count: 4 })
    const later = await drawn({ count: 1, firstIndex: 3 })
    expect(Number(later.server.sent[0]!.body['seed'])).toBe(Number(server.sent[0]!.body['seed']) + 3)
    expect(later.samples[0]).toMatchObject({ index: 3, text: samples[3]!.text, tokens: samples[3]!.tokens! })
    expect((await drawn({ count: 4, id: 'b' })).server.sent[0]!.body['seed']).not.toBe(server.sent[0]!.body['seed'])
  })

  it('is a text with its prefix, or a chat whose last message is continued', async () => {
    const prefix = [{ text: '2 + ' }, { text: '2 =' }]
    const text = await drawn({ prefix }, { api: 'completions' })
    expect(text.server.sent[0]).toMatchObject({ path: '/v1/completions', body: { prompt: 'say2 + 2 =' } })
    expect(text.samples[0]!.text.startsWith('2 + 2 =')).toBe(true)
    expect(text.samples[0]!.usage.completionTokens).toBe(text.samples[0]!.text.length - '2 + 2 ='.length)
    const tool = { role: 'tool', content: '4' } as const
    const chat = await drawn({ prefix: [...prefix, tool, { text: 'so' }], prompt: [{ role: 'user', content: 'hi' }] })
    expect(chat.server.sent[0]!.body).toMatchObject({
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: '2 + 2 =' },
        { role: 'tool', content: '4' },
        { role: 'assistant', content: 'so' },
      ],
      continue_final_message: true,
      add_generation_prompt: false,
    })
    for (const abilities of ['vllm', 'openai'] as const) {
      const turn = await drawn({ prefix: [{ text: 'x' }, tool] }, { abilities })
      expect(turn.server.sent[0]!.body).not.toHaveProperty('continue_final_message')
      expect(turn.server.sent[0]!.body['messages']).toEqual([
        { role: 'user', content: 'say' },
        { role: 'assistant', content: 'x' },
        tool,
      ])
    }
  })

  it('is the same where a prefix says nothing yet, also behind a message of the assistant', async () => {
    for (const prompt of [
      'say',
      [{ role: 'user', content: 'hi' } as const, { role: 'assistant', content: 'ho' } as const],
    ]) {
      const [plain, begun] = await Promise.all([drawn({ prompt }), drawn({ prompt, prefix: [{ text: '' }] })])
      expect(begun.server.sent[0]!.body).toEqual(plain.server.sent[0]!.body)
      expect(begun.samples).toEqual(plain.samples)
    }
    const text = await drawn({ prefix: [{ text: '' }] }, { api: 'completions' })
    expect(text.server.sent[0]!.body).toMatchObject({ prompt: 'say' })
  })

  it('has the key as a bearer token', async () => {
    const { server } = await drawn({}, { key: 'sk-secret' })
    expect(server.sent[0]!.headers.get('authorization')).toBe('Bearer sk-secret')
  })

  it.each([
    [{ topK: 3 }, { abilities: 'any' }, /cannot cut at topK/],
    [{ minP: 0.1 }, { abilities: 'openai' }, /\(openai\) cannot cut at minP/],
    [{ prefix: [{ text: 'x' }] }, { abilities: 'openai' }, /cannot go on from a partial answer in a chat/],
    [{ prefix: [{ text: '' }] }, { abilities: 'openai' }, /cannot go on from a partial answer in a chat/],
    [{}, { abilities: 'openai', topLogprobs: 5 }, /\(openai\) cannot give log-probs/],
    [{ prefix: [], stop: ['\n'] }, { abilities: 'llama.cpp' }, /cannot say which stop text/],
    [
      { prompt: [{ role: 'user', content: 'x' }] },
      { api: 'completions' },
      /is a chat, which \/completions cannot take/,
    ],
    [{ prefix: [{ role: 'tool', content: 'x' }] }, { api: 'completions' }, /cannot take messages/],
  ] as const)('is refused before anything is drawn: %j', async (request, options, message) => {
    let asked = 0
    const error = await refusal(request, options, () => {
      asked++
      return undefined
    })
    expect(error).toMatchObject({ code: 'unsupported', message: expect.stringMatching(message) })
    // It is refused where no sample is asked for, too: so a procedure knows before it pays for those that come first.
    const ask = made(fakeServer(), options).sample([{ task, seed: 0, count: 0, ...request }])
    await expect(ask[Symbol.asyncIterator]().next()).rejects.toMatchObject({ message: error.message })
    expect(asked).toBe(0)
  })
})

describe('what comes back', () => {
  it('is counted: the prompt once, the tokens of each choice, and money', async () => {
    const { samples } = await drawn({ count: 3 }, { prices: { prompt: 1e6, completion: 2e6 } })
    expect(samples.map(({ usage }) => usage.promptTokens)).toEqual([3, 0, 0])
    for (const { text, usage } of samples) {
      expect(usage.completionTokens).toBe(text.length)
      expect(usage.cost).toBe(usage.promptTokens + 2 * text.length)
    }
  })

  it('has tokens and log-probs with what they are of', async () => {
    const raw = (await drawn({ temperature: 0.5 }, { logprobs: true })).samples[0]!
    expect(raw.tokens).toEqual([...raw.text].map((letter) => letter.charCodeAt(0) - 97))
    expect(raw.logprobs).toEqual({
      values: raw.tokens!.map((id) => -(id + 1) / 8),
      provenance: { engine: 'vllm', dtype: 'unknown', weights: 'm' },
      drawn: { temperature: 0.5 },
    })
    const abilities = { ...endpointDialects.vllm, logprobs: 'processed' as const }
    const processed = (await drawn({ temperature: 0.5 }, { logprobs: true, abilities })).samples[0]!
    expect(processed.logprobs!.provenance.shaping).toEqual({ temperature: 0.5 })
    expect((await drawn({}, { logprobs: true, abilities: 'openai' })).samples[0]!.logprobs).toBeUndefined()
    expect(made(fakeServer(), { logprobs: true }).provenance).toEqual(raw.logprobs!.provenance)
    expect(made(fakeServer()).provenance).toBeUndefined()
  })

  const answering =
    (choice: object, usage: object = { prompt_tokens: 3, completion_tokens: 2 }): Override =>
    () =>
      Response.json({ choices: [{ index: 0, message: { content: 'ab' }, finish_reason: 'stop', ...choice }], usage })

  it('says which stop text ended it, where the server does', async () => {
    const request = { stop: ['\n\n', ';'], prefix: [] }
    const stopped = await drawn(request, {}, answering({ stop_reason: ';' }))
    expect(stopped.samples[0]).toMatchObject({ finish: 'stop', stoppedBy: ';', text: 'ab' })
    for (const stop_reason of [null, 2, 'other']) {
      expect((await drawn(request, {}, answering({ stop_reason }))).samples[0]).not.toHaveProperty('stoppedBy')
    }
    const sglang = await drawn(request, { abilities: 'sglang' }, answering({ matched_stop: ';' }))
    expect(sglang.samples[0]).toMatchObject({ stoppedBy: ';' })
  })

  it('has the likeliest tokens that were asked for, fewer where there are fewer, and none where a place has none', async () => {
    const content = (...top: unknown[]) => ({
      logprobs: { content: top.map((top_logprobs) => ({ logprob: -3, top_logprobs })) },
    })
    const list = (...values: number[]) => values.map((logprob) => ({ logprob }))
    const topOf = async (choice: object) =>
      (await drawn({}, { topLogprobs: 2 }, answering(choice))).samples[0]!.logprobs
    const two = await topOf(content(list(-3, -1, -2), list(-0.5)))
    expect(two!.top).toEqual([[-1, -2], [-0.5]])
    expect((await topOf(content(list(-0.5, -9999), list(-0.5, -1e5))))!.top).toEqual([
      [-0.5, -Infinity],
      [-0.5, -Infinity],
    ])
    for (const wrong of [undefined, null, [], list(0.5), 'many', [{ token: 'a' }]]) {
      const found = await topOf(content(list(-1), wrong))
      expect(found).toMatchObject({ values: [-3, -3] })
      expect(found).not.toHaveProperty('top')
    }
    const texts = { text: 'ab', logprobs: { token_logprobs: [-3, -3], top_logprobs: [{ a: -3, b: -1 }, { c: -2 }] } }
    const text = await drawn({}, { topLogprobs: 1, api: 'completions' }, answering(texts))
    expect(text.samples[0]!.logprobs!.top).toEqual([[-1], [-2]])
    expect(made(fakeServer(), { topLogprobs: 2 })).toMatchObject({ topLogprobs: 2, provenance: { engine: 'vllm' } })
    expect(made(fakeServer())).not.toHaveProperty('topLogprobs')
  })

  it('has no log-probs where there is not one for each token', async () => {
    const { samples } = await drawn({}, { logprobs: true }, answering({ logprobs: { content: [{ logprob: -1 }] } }))
    expect(samples[0]).not.toHaveProperty('logprobs')
  })

  it.each([
    [{ finish_reason: 'content_filter' }, 'the server ended with content_filter'],
    [{ finish_reason: 'tool_calls' }, 'the server ended with tool_calls'],
    [{ finish_reason: null }, 'the server ended with nothing'],
  ])('is a failed sample where there is no completion: %j', async (choice, failure) => {
    expect((await drawn({}, {}, answering(choice))).samples[0]).toMatchObject({ finish: 'failed', failure })
  })

  it('is a refusal of the model where that is all it says, and an empty text', async () => {
    expect((await drawn({}, {}, answering({ message: { content: null, refusal: 'no' } }))).samples[0]!.text).toBe('no')
    expect((await drawn({}, {}, answering({ message: { content: null } }))).samples[0]!.text).toBe('')
  })

  it('shares the tokens of all choices, where they are counted together', async () => {
    const texts = ['a', 'bbbb', 'cc']
    const choices = texts.map((content, index) => ({ index, message: { content }, finish_reason: 'stop' }))
    const override: Override = () => Response.json({ choices, usage: { prompt_tokens: 5, completion_tokens: 11 } })
    const { samples } = await drawn({ count: 3 }, { abilities: 'openai' }, override)
    const counts = samples.map(({ usage }) => usage.completionTokens)
    expect(counts.reduce((a, b) => a + b)).toBe(11)
    expect(counts[1]).toBeGreaterThan(counts[2]!)
  })
})

describe('a server that fails', () => {
  /** Fails the first calls, and then answers as usual. */
  const first =
    (times: number, response: () => Response | Promise<Response>): Override =>
    (_, call) =>
      call <= times ? response() : undefined
  const status =
    (code: number, body: string | object = 'busy', headers: Record<string, string> = {}) =>
    () =>
      new Response(typeof body === 'string' ? body : JSON.stringify(body), {
        status: code,
        headers: { 'retry-after': '0', ...headers },
      })

  it.each([
    ['429', status(429)],
    ['503', status(503)],
    ['408', status(408)],
    ['malformed JSON', () => new Response('{"choices":[', { headers: { 'content-type': 'application/json' } })],
    ['a page', () => new Response('<html>')],
    ['no choices', () => Response.json({ choices: [] })],
    ['null', () => Response.json(null)],
    ['a broken connection', () => Promise.reject(new TypeError('fetch failed'))],
    ['a choice without a form', () => Response.json({ choices: ['a'] })],
  ])('is asked again after %s', async (_, response) => {
    const { samples, server } = await drawn({}, {}, first(1, response))
    expect(server.sent).toHaveLength(2)
    expect(samples[0]!.finish).not.toBe('failed')
  })

  it('is asked again after a time-out', async () => {
    const hang = () => new Promise<Response>(() => {})
    const { samples, server } = await drawn({}, { timeout: 0.05 }, first(1, hang))
    expect([server.sent.length, samples[0]!.finish === 'failed']).toEqual([2, false])
    const never = await drawn({}, { timeout: 0.02, attempts: 1 }, first(9, hang))
    expect(never.samples[0]).toMatchObject({ failure: 'no answer within 0.02 seconds (1 attempts)' })
  })

  it('waits as long as Retry-After says, in seconds or until a time', async () => {
    for (const header of ['0.2', new Date(Date.now() + 1300).toUTCString()]) {
      const began = performance.now()
      await drawn({}, {}, first(1, status(429, 'slow down', { 'retry-after': header })))
      expect(performance.now() - began).toBeGreaterThan(190)
    }
  })

  it('gives failed samples, with the reason and how often it was tried, once that was often enough', async () => {
    const { samples, server } = await drawn(
      { count: 2 },
      { attempts: 3, prices: { prompt: 1, completion: 1 } },
      status(503, { error: { message: 'no\u001b[31m capacity' } }),
    )
    expect(server.sent).toHaveLength(3)
    expect(samples).toHaveLength(2)
    expect(samples[1]).toMatchObject({
      index: 1,
      finish: 'failed',
      failure: expect.stringMatching(/^503: no.*capacity \(3 attempts\)$/),
      usage: { promptTokens: 0, completionTokens: 0, cost: 0 },
    })
    expect(samples[1]!.failure).not.toContain('\u001b')
  })

  it('that gives fewer choices than asked, or one twice, is asked for those that are missing', async () => {
    const override: Override = (sent, call) => {
      const { choices, ...rest } = completionOf(sent)
      if (call > 1) return undefined
      return Response.json({ ...rest, choices: [choices[1], choices[1], choices[3]] })
    }
    const { samples, server } = await drawn({ count: 5 }, {}, override)
    expect(server.sent.map(({ body }) => body['n'] ?? 1)).toEqual([5, 1, 1, 1])
    expect(samples.map(({ text }) => text)).toEqual((await drawn({ count: 5 })).samples.map(({ text }) => text))
  })

  it('gives what it has before it asks for what is missing', async () => {
    let isLate = false
    const override: Override = async (sent) => {
      if (sent.body['n'] === undefined) {
        await new Promise((resolve) => setTimeout(resolve, 20))
        isLate = true
        return Response.json(completionOf(sent))
      }
      const { choices, ...rest } = completionOf(sent)
      return Response.json({ ...rest, choices: choices.slice(0, 2) })
    }
    const seen: (readonly [number, boolean])[] = []
    for await (const { index } of made(fakeServer(override)).sample([{ task, count: 3, seed: 0 }])) {
      seen.push([index, isLate])
    }
    expect(seen).toEqual([
      [0, false],
      [1, false],
      [2, true],
    ])
  })

  it.each([
    [401, { error: { message: 'Incorrect API key provided: sk-secret.' } }, 'check the key'],
    [403, { error: 'forbidden' }, 'check what the key may do'],
    [404, { error: { message: 'The model m does not exist.' } }, 'check the URL'],
    [422, { detail: [{ msg: 'unexpected field' }] }, 'calls the request wrong'],
    [400, { detail: 'bad temperature' }, 'calls the request wrong'],
    [429, { error: { message: 'quota', code: 'insufficient_quota' } }, 'the quota is used up'],
  ])('for every request, by %i, ends the run at once, and never shows the key', async (code, body, hint) => {
    const error = await refusal(
      { count: 40 },
      { key: 'sk-secret', abilities: 'any', concurrency: 1 },
      status(code, body),
    )
    expect(error).toMatchObject({ code: 'sampler-failed', hint: expect.stringContaining(hint) })
    expect(error.message).toMatch(new RegExp(`^http://localhost:1/v1 answered ${code}: `))
    expect(JSON.stringify([error, (error as { stack?: string }).stack])).not.toContain('sk-secret')
  })

  it('for one request of many fails that one alone', async () => {
    const override: Override = ({ body }) =>
      JSON.stringify(body['messages']).includes('long') ? status(400, { error: { message: 'too long' } })() : undefined
    const server = fakeServer(override)
    const tasks = ['a', 'b', 'long', 'c'].map((id) => ({ id, prompt: `say ${id}` }))
    const all = await collect(
      made(server, { concurrency: 1 }),
      tasks.map((one) => ({ task: one, count: 2, seed: 0 })),
    )
    expect(all.map((samples) => samples.map(({ finish }) => finish === 'failed'))).toEqual([
      [false, false],
      [false, false],
      [true, true],
      [false, false],
    ])
    expect(all[2]![0]!.failure).toBe('400: too long')
  })

  it('never shows user and password of its URL', async () => {
    const url = 'http://me:hunter2@localhost:1/v1?x=hunter2'
    const error = await refusal({}, { url }, status(404, 'no hunter2 here'))
    expect(error.message).toBe('http://localhost:1/v1 answered 404: no [key] here')
  })
})

describe('pace', () => {
  it('keeps to so many requests at the same time', async () => {
    let [running, most] = [0, 0]
    const override: Override = async (sent) => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 2))
      running--
      return Response.json(completionOf(sent))
    }
    await drawn({ count: 20 }, { abilities: 'any', concurrency: 3 }, override)
    expect(most).toBe(3)
  })

  it('keeps to so many requests in a minute', async () => {
    const began = performance.now()
    await drawn({ count: 5 }, { abilities: 'any', requestsPerMinute: 60 / 0.04 })
    expect(performance.now() - began).toBeGreaterThan(150) // four waits of 40 ms
  })

  it('ends at the signal, and what was asked is told so', async () => {
    const controller = new AbortController()
    let told = 0
    const server = fakeServer(() => new Promise<Response>(() => {}))
    const fetch: FakeServer['fetch'] = (url, init) => {
      ;(init as { signal: AbortSignal }).signal.addEventListener('abort', () => told++)
      return server.fetch(url, init)
    }
    const drawing = collect(
      made({ ...server, fetch }, { abilities: 'any', concurrency: 4 }),
      [{ task, count: 9, seed: 0 }],
      {
        signal: controller.signal,
      },
    )
    setTimeout(() => controller.abort(), 20)
    await expect(drawing).rejects.toMatchObject({ code: 'aborted' })
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect([server.sent.length, told]).toEqual([4, 4])
  })
})

it.each([
  [{ url: 'localhost:8000' }, 'is no URL'],
  [{ url: 'ftp://a' }, 'is no URL'],
  [{ model: '' }, 'model is empty'],
  [{ concurrency: 0 }, 'concurrency'],
  [{ attempts: 0 }, 'attempts'],
  [{ timeout: 0 }, 'timeout'],
  [{ topLogprobs: 0 }, 'topLogprobs'],
  [{ requestsPerMinute: 0 }, 'requestsPerMinute'],
  [{ abilities: 'constructor' as 'any' }, 'there are no abilities constructor'],
])('a sampler is not made of %j', (options, message) => {
  expect(() => made(fakeServer(), options)).toThrow(message)
})
