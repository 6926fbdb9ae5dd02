import { describe, expect, it } from 'vitest'
import type { Procedure, RewardFunction, Sampler } from '@posttrain/core'
import { firstPassing, majorityVote, singleSample, splitCanary } from '@posttrain/sampling'
import { listen, procedureServer, type ProcedureServerOptions, type WebServer } from '@posttrain/server'
import { letters } from './letters.js'
import { get, post } from './served.js'

const by: RewardFunction = {
  name: 'is b',
  score: async (_, samples) =>
    samples.map(({ text }) => ({
      kind: 'scored',
      reward: text === 'b' ? 1 : 0,
      usage: { promptTokens: 3, completionTokens: 1, cost: 0.5 },
    })),
}
const procedures = {
  single: singleSample(),
  'majority:3': majorityVote({ k: 3 }),
  'first-passing:4': firstPassing({ k: 4, by }),
}
const served = (text = 'aba', options: Partial<ProcedureServerOptions> = {}) => {
  const sampler = letters(text)
  return { sampler, server: procedureServer({ procedures, sampler, token: false, ...options }) }
}
const chat = (model: string, more: object = {}) => ({ model, messages: [{ role: 'user', content: 'hi' }], ...more })
/** What a chat is answered; the first choice and its decision. */
async function answered(server: WebServer, model: string, more: object = {}) {
  const { status, body } = await post(server, '/v1/chat/completions', chat(model, more))
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const { choices = [], usage, error, ...rest } = body as any
  return { status, choices, usage, error, choice: choices[0], decision: choices[0]?.posttrain, rest }
}

describe('a chat', () => {
  it('is answered by the procedure that its model names, with the tokens of all samples', async () => {
    const { server, sampler } = served()
    const { choice, usage, rest } = await answered(server, 'majority:3', { temperature: 0, max_tokens: 9, stop: '\n' })
    expect(choice).toEqual({
      index: 0,
      message: { role: 'assistant', content: 'a', refusal: null },
      logprobs: null,
      finish_reason: 'stop',
      posttrain: {
        run: expect.any(String),
        procedure: 'maj@3',
        answer: 'a',
        reason: '2 of 3 samples answered a',
        stopped: 'complete',
        samples: 3,
        failed: 0,
        seconds: expect.any(Number),
        prompt_tokens: 3,
        completion_tokens: 6,
        judging: { prompt_tokens: 0, completion_tokens: 0 },
        cost: 63,
      },
    })
    expect(usage).toEqual({ prompt_tokens: 3, completion_tokens: 6, total_tokens: 9 })
    expect(rest).toMatchObject({
      object: 'chat.completion',
      model: 'majority:3',
      id: expect.stringMatching(/^chatcmpl-/),
    })
    expect(sampler.asked[0]).toMatchObject({ temperature: 0, maxTokens: 9, stop: ['\n'], count: 3 })
    expect(sampler.asked[0]!.task.prompt).toEqual([{ role: 'user', content: 'hi' }])
  })

  it('that a procedure abstains on has a refusal with the reason, and the cost of judging apart', async () => {
    const { choice, decision } = await answered(served('a').server, 'first-passing:4')
    expect(choice.message).toEqual({ role: 'assistant', content: '', refusal: 'none of 4 samples passed is b' })
    expect(decision).toMatchObject({
      answer: null,
      samples: 4,
      judging: { prompt_tokens: 12, completion_tokens: 4 },
      cost: 4 * (1 + 20 + 0.5),
    })
  })

  it('that was cut says so', async () => {
    const { choice } = await answered(served().server, 'single', { max_completion_tokens: 1 })
    expect(choice.finish_reason).toBe('length')
  })

  it('has n runs as n choices', async () => {
    const { server, sampler } = served()
    const { choices, usage } = await answered(server, 'single', { n: 3 })
    expect(choices.map(({ index }: { index: number }) => index)).toEqual([0, 1, 2])
    expect(usage.completion_tokens).toBe(6)
    expect(new Set(sampler.asked.map(({ id }) => id)).size).toBe(3)
  })

  it('of the same seed asks for the same samples, of another content or seed or of none for others', async () => {
    const { server, sampler } = served()
    for (const more of [{ seed: 7 }, { seed: 7 }, { seed: 8 }, { seed: 7, temperature: 0.5 }, {}, {}]) {
      await answered(server, 'single', more)
    }
    const keys = sampler.asked.map(({ seed, id, task }) => `${seed} ${id ?? task.id}`)
    expect(keys[0]).toBe(keys[1])
    expect(new Set(keys).size).toBe(5)
  })

  it('whose messages come in parts is read', async () => {
    const { server, sampler } = served()
    const messages = [
      { role: 'developer', content: [{ type: 'text', text: 'be brief' }] },
      { role: 'user', content: 'x' },
    ]
    await answered(server, 'single', { messages })
    expect(sampler.asked[0]!.task.prompt).toEqual([
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'x' },
    ])
  })
})

describe('a text', () => {
  it('is completed', async () => {
    const { body } = await post(served().server, '/v1/completions', { model: 'majority:3', prompt: ['abc'] })
    expect(body).toMatchObject({
      object: 'text_completion',
      choices: [{ index: 0, text: 'a', finish_reason: 'stop', posttrain: { samples: 3 } }],
      usage: { prompt_tokens: 9, completion_tokens: 6 },
    })
  })

  it.each([[['a', 'b']], [[1, 2, 3]], [undefined]])('must be one: %j', async (prompt) => {
    const refused = await post(served().server, '/v1/completions', { model: 'single', prompt })
    expect(refused).toMatchObject({ status: 422, body: { error: { code: 'invalid-data' } } })
  })
})

describe('a stream', () => {
  const events = async (server: WebServer, body: object): Promise<unknown[]> => {
    const headers = { 'content-type': 'application/json' }
    const request = { method: 'POST', headers, body: JSON.stringify(body) }
    const response = await server.fetch(new Request('http://localhost/v1/chat/completions', request))
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const lines = (await response.text()).split('\n\n').filter((line) => line.startsWith('data: '))
    return lines.map((line) => (line === 'data: [DONE]' ? 'done' : JSON.parse(line.slice(6))))
  }

  it('says the chosen answer in pieces that split no character, then the decision, then the usage', async () => {
    const text = '😀'.repeat(40)
    const sampler: Sampler = {
      async *sample([{ task, seed } = undefined as never]) {
        const usage = { promptTokens: 1, completionTokens: 40 }
        yield { id: task.id, taskId: task.id, index: 0, seed, text, finish: 'stop', usage }
      },
    }
    const said = await events(procedureServer({ procedures, sampler, token: false }), {
      ...chat('single'),
      stream: true,
      stream_options: { include_usage: true },
    })
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    const chunks = said.slice(0, -1) as any[]
    expect(said.at(-1)).toBe('done')
    const deltas = chunks.flatMap(({ choices }) => choices.map((choice: { delta: object }) => choice.delta))
    expect(deltas[0]).toEqual({ role: 'assistant', content: '' })
    expect(deltas.slice(1, -1)).toEqual([{ content: '😀'.repeat(24) }, { content: '😀'.repeat(16) }])
    expect(chunks.at(-2).choices[0]).toMatchObject({ delta: {}, finish_reason: 'stop', posttrain: { samples: 1 } })
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 40 } })
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1)
  })

  it('ends with the error where there is no decision, and leaves the room', async () => {
    const { server } = served('!')
    const [error, ...rest] = await events(server, { ...chat('single'), stream: true })
    expect(error).toMatchObject({ error: { code: 'upstream-failed', message: expect.stringContaining('503 from') } })
    expect(rest).toEqual([])
    expect(JSON.parse(await get(server, '/health'))).toMatchObject({ running: 0, waiting: 0 })
  })
})

describe('the budget', () => {
  const rules = { floor: { samples: 2 }, cap: { samples: 3 }, always: { customer: ['gold'] } }
  const samplesOf = async (more: object, text = 'b') =>
    (await answered(served(text, { rules }).server, 'first-passing:4', more)).decision.samples as number

  it('of a client lowers the cap, but not below the floor and not above the cap of the person in charge', async () => {
    const of = (samples: number) => samplesOf({ posttrain: { budget: { samples } } }, 'a')
    expect([await of(1), await of(2), await of(3), await of(9)]).toEqual([2, 2, 3, 3])
  })

  it('keeps the floor, and tasks with a tag get all of it', async () => {
    expect(await samplesOf({})).toBe(2)
    expect(await samplesOf({ metadata: { customer: 'gold' } })).toBe(3)
    expect(await samplesOf({ metadata: { customer: 'silver' } })).toBe(2)
  })

  it('of tokens holds', async () => {
    const { server } = served('a')
    const { usage, decision } = await answered(server, 'majority:3', { posttrain: { budget: { tokens: 3 } } })
    expect([usage.completion_tokens, decision.stopped]).toEqual([3, 'capped'])
    expect(decision.reason).toBe('2 of 2 samples answered a; the cap of 3 tokens ended it')
  })
})

describe('a request is refused', () => {
  it.each([
    ['for a model that there is not', chat('gpt'), 404, /^there is no gpt here$/],
    ['without messages', { model: 'single', messages: [] }, 422, /^messages: /],
    ['that begins the answer', chat('single', { messages: [{ role: 'assistant', content: 'a' }] }), 422, /its answers/],
    ['with tools', chat('single', { tools: [{}] }), 422, /^tools: a procedure cannot serve it; leave it out$/],
    ['for log-probs', chat('single', { logprobs: true }), 422, /^logprobs: /],
    ['for JSON', chat('single', { response_format: { type: 'json_object' } }), 422, /^response_format: /],
    ['with a penalty', chat('single', { presence_penalty: 0.5 }), 422, /^presence_penalty: /],
    ['with a temperature below 0', chat('single', { temperature: -1 }), 422, /^temperature: /],
    ['with a budget of nothing', chat('single', { posttrain: { budget: { samples: 0 } } }), 422, /budget\.samples/],
    ['with a field of ours that there is not', chat('single', { posttrain: { bugdet: {} } }), 422, /bugdet/],
    ['for too many choices', chat('single', { n: 5 }), 413, /^the request has 5 runs$/],
  ])('%s', async (_, body, status, message) => {
    const { server } = served('a', { concurrency: 1, queue: 2 })
    const refused = await post(server, '/v1/chat/completions', body)
    expect(refused.status).toBe(status)
    expect((refused.body as { error: { message: string } }).error.message).toMatch(message)
  })

  it('but not for fields that say nothing', async () => {
    const neutral = { tools: [], logprobs: false, presence_penalty: 0, logit_bias: {}, n: null, seed: null, user: 'me' }
    expect((await answered(served().server, 'single', neutral)).status).toBe(200)
  })

  it('where the model’s server fails, with its reason', async () => {
    expect(await post(served('!').server, '/v1/chat/completions', chat('majority:3'))).toMatchObject({
      status: 502,
      retryAfter: '1',
      body: { error: { code: 'upstream-failed', message: 'none of 3 samples could be had: 503 from upstream' } },
    })
    expect((await answered(served('!ab').server, 'majority:3')).decision).toMatchObject({ failed: 1, samples: 3 })
  })

  it('where a procedure throws or hangs', async () => {
    const failing: Procedure = { name: 'bad', run: async () => Promise.reject(new Error('boom')) }
    const hanging: Procedure = { name: 'slow', run: () => new Promise(() => {}) }
    const { server } = served('a', { procedures: { failing, hanging }, deadline: 0.05 })
    expect(await answered(server, 'failing')).toMatchObject({
      status: 500,
      error: { message: expect.stringContaining('the procedure bad failed') },
    })
    expect(await answered(server, 'hanging')).toMatchObject({
      status: 504,
      error: { code: 'timeout', message: 'there was no decision within 0.05 seconds' },
    })
  })
})

describe('the room', () => {
  /** A procedure that decides when it is told to. */
  function held() {
    let release = (): void => {}
    const open = new Promise<void>((resolve) => (release = resolve))
    const inner = singleSample()
    const procedure: Procedure = {
      name: 'held',
      async run(sampler, task, options) {
        await open
        return inner.run(sampler, task, options)
      },
    }
    return { procedure, release }
  }

  it('is full with so many runs, refuses more with 503, and answers what was taken on when it closes', async () => {
    const { procedure, release } = held()
    const { server } = served('a', { procedures: { held: procedure }, concurrency: 1, queue: 1 })
    const first = [answered(server, 'held'), answered(server, 'held')]
    const third = await post(server, '/v1/chat/completions', chat('held'))
    expect(third).toMatchObject({ status: 503, retryAfter: '1', body: { error: { code: 'overloaded' } } })
    const closed = server.close()
    expect((await answered(server, 'held')).error.message).toBe('the server is shutting down')
    release()
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200])
    await closed
  })

  it('has a place again once a client has left, in a stream too', async () => {
    const { procedure } = held()
    const { server } = served('a', {
      procedures: { held: procedure, single: singleSample() },
      concurrency: 1,
      queue: 0,
    })
    const { url, close } = await listen(server, { port: 0 })
    for (const stream of [false, true]) {
      const leaving = new AbortController()
      const body = JSON.stringify(chat('held', { stream }))
      const headers = { 'content-type': 'application/json' }
      const asking = fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body, signal: leaving.signal })
      const left = stream ? asking.then((response) => response.text()) : asking
      await untilRunning(url, 1)
      leaving.abort()
      await expect(left).rejects.toThrow()
      await untilRunning(url, 0)
      expect((await answered(server, 'single')).status).toBe(200)
    }
    await close()
  })

  async function untilRunning(url: string, running: number): Promise<void> {
    for (;;) {
      const health = (await (await fetch(`${url}/health`)).json()) as { running: number }
      if (health.running === running) return
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
})

describe('a canary', () => {
  const split = splitCanary({
    a: { procedure: singleSample() },
    b: { procedure: majorityVote({ k: 3 }) },
    stages: [0.5],
  })
  const { server } = served('a', { procedures: {}, canary: split })
  const tell = (body: object) => post(server, '/v1/feedback', body)

  it('is a model whose runs are told their reward, once each, and says what is known of it', async () => {
    const runs = []
    for (let i = 0; i < 12; i++) runs.push((await answered(server, 'canary', { seed: i })).decision)
    expect(new Set(runs.map(({ samples }) => samples as number))).toEqual(new Set([1, 3]))
    for (const { run } of runs) {
      expect(await tell({ run, reward: 1 })).toMatchObject({ status: 200, body: { settled: run } })
    }
    expect(await tell({ run: runs[0].run, reward: 1 })).toMatchObject({
      status: 404,
      body: { error: { code: 'run-not-found' } },
    })
    const state = JSON.parse(await get(server, '/canary')) as Record<string, { decisions: number; meanReward: number }>
    expect(state).toMatchObject({ verdict: 'undecided', share: 0.5, pending: 0, a: { meanReward: 1 } })
    expect(state['a']!.decisions + state['b']!.decisions).toBe(12)
  })

  it.each([
    [{ run: 'x' }, /^reward: /],
    [{ run: 'x', reward: 2 }, /^reward must be a finite number from 0 to 1/],
    [{ run: 'x', reward: 1, extra: 1 }, /extra/],
  ])('refuses %j', async (body, message) => {
    const refused = await tell(body)
    expect(refused.status).toBe(422)
    expect((refused.body as { error: { message: string } }).error.message).toMatch(message)
  })
})

it('lists its models and counts decisions, tokens and money', async () => {
  const { server } = served('aba', { token: 'secret' })
  expect((await post(server, '/v1/chat/completions', chat('single'))).status).toBe(401)
  const headers = { authorization: 'Bearer secret' }
  await post(server, '/v1/chat/completions', chat('majority:3'), headers)
  const read = async (path: string) => (await server.fetch(new Request(`http://localhost${path}`, { headers }))).text()
  const { data } = JSON.parse(await read('/v1/models')) as { data: { id: string }[] }
  expect(data.map(({ id }) => id)).toEqual(['single', 'majority:3', 'first-passing:4'])
  const metrics = (await read('/metrics')).split('\n')
  for (const line of [
    'posttrain_decisions_total{procedure="majority:3",stopped="complete",answered="true"} 1',
    'posttrain_tokens_total{procedure="majority:3",kind="completion"} 6',
    'posttrain_decision_samples_sum{procedure="majority:3"} 3',
    'posttrain_decision_cost_sum{procedure="majority:3"} 63',
    'posttrain_decision_cost_count{procedure="majority:3"} 1',
    'posttrain_decision_seconds_count{procedure="majority:3"} 1',
    'posttrain_requests_total{path="/v1/chat/completions",status="401"} 1',
    'posttrain_running_runs 0',
  ]) {
    expect(metrics).toContain(line)
  }
})

it.each([
  [{ procedures: {} }, 'there are no procedures to serve'],
  [{ token: '' }, 'token is ""'],
  [{ deadline: 0 }, 'deadline'],
  [{ seed: 0.5 }, 'seed'],
  [{ concurrency: 0 }, 'concurrency'],
  [{ rules: { cap: { samples: 0 } } }, 'cap.samples'],
])('is not made of %j', (options, message) => {
  expect(() => served('a', options)).toThrow(message)
})
