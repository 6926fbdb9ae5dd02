import { describe, expect, it } from 'vitest'
import { exact, get, held, post, served } from './served.js'

const sample = (response: unknown, reference: unknown = '4') => ({ response, reference })

describe('/score', () => {
  const server = served()
  const outcomesOf = async (samples: unknown[]) => (await post(server, '/score', { samples })).body

  it('gives an outcome for each sample, in their order', async () => {
    const samples = [sample('4'), sample('5'), sample('hm'), sample(null), sample('4', 4)]
    expect(await outcomesOf(samples)).toEqual({
      outcomes: [
        { reward: 1, answer: '4' },
        { reward: 0, answer: '5' },
        { reward: null, unscored: 'cannot tell' },
        { reward: null, unscored: 'there is no response' },
        { reward: 1, answer: '4' },
      ],
    })
    expect(await outcomesOf([])).toEqual({ outcomes: [] })
  })

  it('reads chats, parts of messages and references that are tests', async () => {
    const chat = [
      { role: 'assistant', content: 'let me see', tool_calls: [] },
      { role: 'tool', content: '4' },
      { role: 'assistant', content: [{ type: 'text', text: 'a\n' }, { type: 'image' }, { type: 'text', text: 'b' }] },
    ]
    const prompt = [{ role: 'developer', content: 'be brief' }]
    expect(await outcomesOf([{ prompt, response: chat, reference: ['a', 'b'], task_id: 7 }])).toEqual({
      outcomes: [{ reward: 1, answer: 'a\nb' }],
    })
    expect(await outcomesOf([sample([{ role: 'assistant', content: null }], '')])).toEqual({
      outcomes: [{ reward: 1, answer: '' }],
    })
  })

  it('leaves a sample on which the reward threw unscored beside others, and refuses where there are no others', async () => {
    const bad = { response: '4', task_id: 'b' }
    expect(await outcomesOf([sample('4'), bad])).toEqual({
      outcomes: [
        { reward: 1, answer: '4' },
        { reward: null, unscored: 'the reward exact failed on task b: no reference for b' },
      ],
    })
    expect(await post(server, '/score', { samples: [bad, bad] })).toMatchObject({
      status: 422,
      body: { error: { code: 'invalid-data', message: 'the reward exact failed on task b: no reference for b' } },
    })
  })

  it.each([
    ['{', 400, /^the body is no JSON: /],
    [{ samples: 3 }, 422, /^samples: expected array, received number$/],
    [{ samples: [{}] }, 422, /^samples\[0\]\.response: /],
    [
      { samples: [sample('1', 2 ** 53)] },
      422,
      /^the reference 9007199254740992 is a number that may have been rounded/,
    ],
    ['{"samples":[{"response":"1","reference":1e400}]}', 422, /^the reference Infinity is a number that may/],
    [
      `{"samples":[{"response":"1","reference":${'['.repeat(1e5)}${']'.repeat(1e5)}}]}`,
      422,
      /^the body is nested too deep$/,
    ],
    [{ samples: [{ response: 'a', prompt: [{ role: 'robot', content: 'b' }] }] }, 422, /^samples\[0\]\.prompt/],
  ])('refuses %.60j with %i', async (body, status, message) => {
    const refused = await post(server, '/score', body)
    expect(refused.status).toBe(status)
    expect((refused.body as { error: { message: string } }).error.message).toMatch(message)
  })

  it('refuses what a page of another site could send unasked, and paths that there are not', async () => {
    expect(await post(server, '/score', { samples: [] }, { 'content-type': 'text/plain' })).toMatchObject({
      status: 415,
      body: { error: { message: 'the content type is text/plain', hint: 'send application/json' } },
    })
    expect(await post(server, '/run_code', {})).toMatchObject({ status: 404 })
    expect(await post(server, '/rewards', {})).toMatchObject({
      status: 404,
      body: { error: { message: 'there is no POST /rewards' } },
    })
  })
})

describe('/get_reward', () => {
  it('has numbers for whatever OpenRLHF asks, and always the same logs', async () => {
    const query = ['<s>1+3=4</s>', '1+3=5', '1+3=hm', 'other']
    const prompts = query.map(() => '1+3=')
    expect((await post(served(), '/get_reward', { query, prompts, labels: query.map(() => '4') })).body).toEqual({
      rewards: [1, 0, 0, 0],
      scores: [1, 0, 0, 0],
      extra_logs: { unscored: [0, 0, 1, 1] },
    })
    expect((await post(served(), '/get_reward', { query: [], prompts: [], labels: [] })).body).toEqual({
      rewards: [],
      scores: [],
      extra_logs: {},
    })
  })

  it('keeps scores between 0 and 1, by which OpenRLHF filters', async () => {
    const reward = {
      name: 'length',
      score: async (_: unknown, samples: readonly { readonly text: string }[]) =>
        samples.map(({ text }) => ({ kind: 'scored', reward: text.length - 1.5 }) as const),
    }
    const { body } = await post(served({ reward }), '/get_reward', { query: ['', 'aa', 'aaaa'] })
    expect(body).toMatchObject({ rewards: [-1.5, 0.5, 2.5], scores: [0, 0.5, 1] })
  })

  it('refuses lists of different lengths', async () => {
    expect(await post(served(), '/get_reward', { query: ['a'], labels: [] })).toMatchObject({
      status: 422,
      body: { error: { message: 'query, prompts and labels must be of one length' } },
    })
  })
})

describe('/reward', () => {
  it('is an object with a number for slime, which says why there is none', async () => {
    const server = served()
    const rewardOf = async (response: string) =>
      (await post(server, '/reward', { prompt: [{ role: 'user', content: '2+2' }], response, label: '4' })).body
    expect(await rewardOf('4')).toEqual({ reward: 1 })
    expect(await rewardOf('hm')).toEqual({ reward: 0, unscored: 'cannot tell' })
  })
})

describe('the forms of NeMo Gym', () => {
  const asked = (text: string, more: object = { expected_answer: '4' }) => ({
    responses_create_params: { input: [{ role: 'user', content: [{ type: 'input_text', text: '2+2' }] }], tools: [] },
    response: {
      id: 'resp',
      output: [
        { type: 'reasoning', summary: [{ text: '5' }] },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text, annotations: [] }] },
      ],
    },
    ...more,
  })

  it('repeat the request with its reward', async () => {
    expect((await post(served(), '/verify', asked('4'))).body).toEqual({ ...asked('4'), reward: 1, mask_sample: false })
    expect((await post(served(), '/verify', asked('hm'))).body).toEqual({
      ...asked('hm'),
      reward: 0,
      mask_sample: true,
      failure_kind: 'verifier_error',
      failure_reason: 'cannot tell',
    })
  })

  it('find tests in verifier_metadata', async () => {
    const tests = { verifier_metadata: { unit_tests: { inputs: ['1'] } } }
    expect((await post(served(), '/verify', asked('{"inputs":["1"]}', tests))).body).toMatchObject({ reward: 1 })
  })

  it('say which field is wrong', async () => {
    expect(await post(served(), '/verify', { response: { output: [] } })).toMatchObject({
      status: 422,
      body: { error: { message: 'responses_create_params: expected object, received undefined' } },
    })
  })

  it('keep nothing of a session', async () => {
    expect((await post(served(), '/seed_session', { task: 1 })).body).toEqual({})
    const session = { resources_session_id: 's', episode_id: 'e' }
    expect((await post(served(), '/seed_session', session)).body).toEqual({ resources_session_id: 's' })
    expect((await post(served(), '/close_session', session)).body).toEqual({ resources_session_id: 's' })
    expect(await get(served(), '/reverify_mode')).toBe('"stateless"')
  })
})

describe('a token', () => {
  const server = served({ token: 'secret' })

  it.each([
    ['/score', { authorization: 'Bearer secret' }, 200],
    ['/score?token=secret', {}, 200],
    ['/score', {}, 401],
    ['/score?token=Secret', {}, 401],
    ['/score', { authorization: 'Bearer no' }, 401],
    ['/score?token=secret', { authorization: 'Bearer no' }, 401],
    ['/nothing', {}, 401],
  ])('is asked for by %s with %j: %i', async (path, headers, status) => {
    expect((await post(server, path, { samples: [] }, headers)).status).toBe(status)
  })

  it('is not needed to see that the server lives', async () => {
    expect(JSON.parse(await get(server, '/health'))).toEqual({ status: 'ok', reward: 'exact', running: 0, waiting: 0 })
    expect(JSON.parse(await get(server, '/metrics'))).toMatchObject({ error: { code: 'unauthorized' } })
  })

  it.each([[''], [undefined], [true]])('cannot be %j', (token) => {
    expect(() => served({ token: token as string })).toThrow(/^token is /)
  })
})

describe('bounds', () => {
  const error = (code: string) => ({ error: { code } })

  it('of the body are 413', async () => {
    const server = served({ bodyLimit: 50 })
    expect(await post(server, '/score', { samples: [sample('4')] })).toMatchObject({ status: 200 })
    expect(await post(server, '/score', { samples: [sample('4'.repeat(60))] })).toMatchObject({
      status: 413,
      body: error('too-large'),
    })
  })

  it('of samples are 503 and "try again" while there is no room, 413 where there can never be', async () => {
    const { reward, asked, release } = held()
    const server = served({ reward, concurrency: 1, queue: 2 })
    const three = post(server, '/score', { samples: ['a', 'bb', 'ccc'].map((text) => sample(text)) })
    await expect.poll(() => asked).toEqual(['a'])
    expect(await post(server, '/reward', sample('d'))).toMatchObject({
      status: 503,
      body: error('overloaded'),
      retryAfter: '1',
    })
    expect(await post(server, '/score', { samples: [1, 2, 3, 4].map(() => sample('e')) })).toMatchObject({
      status: 413,
      body: { error: { code: 'too-many-samples', hint: 'send at most 3 samples in a request' } },
    })
    expect(await get(server, '/metrics')).toMatch(/posttrain_running_samples 1\n[^]*posttrain_waiting_samples 2\n/)
    release()
    expect((await three).body).toEqual({ outcomes: [{ reward: 1 }, { reward: 2 }, { reward: 3 }] })
    expect(asked).toEqual(['a', 'bb', 'ccc'])
    expect(await post(server, '/reward', sample('d'))).toMatchObject({ status: 200 })
  })

  it('of a client are 429', async () => {
    const { reward, asked, release } = held()
    const server = served({ reward, perClient: 1 })
    const first = post(server, '/reward', sample('a'))
    await expect.poll(() => asked).toEqual(['a'])
    expect(await post(server, '/reward', sample('b'))).toMatchObject({
      status: 429,
      body: error('too-many-requests'),
      retryAfter: '1',
    })
    release()
    expect(await first).toMatchObject({ status: 200 })
    expect(await post(server, '/reward', sample('b'))).toMatchObject({ status: 200 })
  })

  it('of time leave a sample unscored, however long it waited before', async () => {
    const { reward, asked } = held()
    const server = served({ reward, concurrency: 1, deadline: 0.05 })
    expect((await post(server, '/score', { samples: [sample('a'), sample('b')] })).body).toEqual({
      outcomes: ['a', 'b'].map(() => ({ reward: null, unscored: 'not judged within 0.05 seconds' })),
    })
    expect(asked).toEqual(['a', 'b'])
  })

  it.each([
    [{ concurrency: 0 }, 'concurrency'],
    [{ queue: -1 }, 'queue'],
    [{ perClient: 0 }, 'perClient'],
    [{ bodyLimit: 0.5 }, 'bodyLimit'],
    [{ deadline: 0 }, 'deadline'],
  ])('%j are refused', (options, name) => {
    expect(() => served(options)).toThrow(name)
  })
})

describe('a reward server', () => {
  it('refuses a reward that compares samples', () => {
    expect(() => served({ reward: { ...exact, comparesSamples: true } })).toThrow(
      'the reward exact compares samples, but trainers send them one by one',
    )
  })

  it('finishes what it took, and takes no more, once it is closed', async () => {
    const { reward, asked, release } = held()
    const server = served({ reward })
    const taken = post(server, '/reward', sample('abc'))
    await expect.poll(() => asked).toEqual(['abc'])
    let isClosed = false
    const closed = server.close().then(() => (isClosed = true))
    expect(await post(server, '/reward', sample('d'))).toMatchObject({
      status: 503,
      body: { error: { message: 'the server is shutting down' } },
    })
    expect(isClosed).toBe(false)
    release()
    expect((await taken).body).toEqual({ reward: 3 })
    await closed
  })

  it('counts what it did', async () => {
    const server = served()
    await post(server, '/score', { samples: [sample('4'), sample('5'), sample('hm'), { response: 'x' }] })
    await post(server, '/score', 'x')
    await post(server, '/x/1', {})
    const metrics = await get(server, '/metrics')
    for (const line of [
      'posttrain_requests_total{path="/score",status="200"} 1',
      'posttrain_requests_total{path="/score",status="400"} 1',
      'posttrain_requests_total{path="other",status="404"} 1',
      'posttrain_samples_total{outcome="scored"} 2',
      'posttrain_samples_total{outcome="unscored"} 1',
      'posttrain_samples_total{outcome="failed"} 1',
      'posttrain_reward_sum 1',
      'posttrain_reward_count 2',
      'posttrain_judging_seconds_count 4',
      'posttrain_running_samples 0',
    ]) {
      expect(metrics.split('\n')).toContain(line)
    }
  })

  it('tells what it refused', async () => {
    const told: unknown[] = []
    const server = served({ onRefusal: ({ status, code }, path) => told.push([status, code, path]) })
    await post(server, '/score', '{')
    expect(told).toEqual([[400, 'not-json', '/score']])
  })
})
