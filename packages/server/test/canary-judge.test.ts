import { expect, it } from 'vitest'
import type { Outcome, Procedure, RewardFunction } from '@posttrain/core'
import { majorityVote, singleSample, splitCanary } from '@posttrain/sampling'
import { listen, procedureServer, type ProcedureServerOptions, type WebServer } from '@posttrain/server'
import { letters } from './letters.js'
import { get, held, post } from './served.js'

/** Worth 1 is an a, and it costs 2 tokens to say so; an x cannot be judged. */
const isA: RewardFunction = {
  name: 'is a',
  score: async (task, samples) => {
    expect(task.reference).toBeUndefined()
    return samples.map(({ text }): Outcome => {
      if (text === 'x') return { kind: 'unscored', reason: 'it is an x' }
      return { kind: 'scored', reward: text === 'a' ? 1 : 0, usage: { promptTokens: 1, completionTokens: 1 } }
    })
  },
}
const throwing: RewardFunction = { name: 'down', score: () => Promise.reject(new Error('the judge is down')) }
const worth = (reward: number): RewardFunction => ({
  name: 'constant',
  score: async (_, samples) => samples.map(() => ({ kind: 'scored', reward })),
})

const split = (b: Procedure = majorityVote({ k: 3 })) =>
  splitCanary({ a: { procedure: singleSample() }, b: { procedure: b }, stages: [0.5] })
const judged = (text: string, judge: RewardFunction, options: Partial<ProcedureServerOptions> = {}): WebServer =>
  procedureServer({ procedures: {}, canary: split(), sampler: letters(text), token: false, judge, ...options })
const chat = (seed: number, more: object = {}) => ({
  model: 'canary',
  messages: [{ role: 'user', content: 'hi' }],
  seed,
  ...more,
})
/** Ids of the runs of a chat that was answered. */
async function runsOf(server: WebServer, seed: number, more: object = {}): Promise<readonly string[]> {
  const { status, body } = await post(server, '/v1/chat/completions', chat(seed, more))
  expect(status).toBe(200)
  return (body as { choices: { posttrain: { run: string } }[] }).choices.map(({ posttrain }) => posttrain.run)
}
interface State {
  readonly verdict: string
  readonly share: number
  readonly pending: number
  readonly judge: { readonly open: number; readonly lastUnscored: string | null }
  readonly a: Totals
  readonly b: Totals
}
interface Totals {
  readonly decisions: number
  readonly unscored: number
  readonly meanReward: number | null
}
const stateOf = async (server: WebServer): Promise<State> => JSON.parse(await get(server, '/canary')) as State
/** Once nothing is being judged. */
const settled = async (server: WebServer): Promise<State> => {
  await expect.poll(async () => (await stateOf(server)).judge.open).toBe(0)
  return stateOf(server)
}
const counted = async (server: WebServer, name: string): Promise<number> => {
  const line = (await get(server, '/metrics')).split('\n').find((one) => one.startsWith(`posttrain_${name} `))
  return Number(line?.split(' ').at(-1))
}
const tell = (server: WebServer, run: string) => post(server, '/v1/feedback', { run, reward: 1 })

it('moves the traffic by itself, and judges nothing once that is decided', async () => {
  // One sample says b, and three of them a.
  const server = judged('baa', isA)
  let runs = 0
  for (; runs < 400 && (await settled(server)).verdict === 'undecided'; runs++) await runsOf(server, runs)
  const state = await stateOf(server)
  expect(state).toMatchObject({ verdict: 'better', share: 1, pending: 0, judge: { open: 0, lastUnscored: null } })
  expect([state.a.meanReward, state.b.meanReward]).toEqual([0, 1])
  expect(state.a.decisions + state.b.decisions).toBe(runs)
  expect(await counted(server, 'judgements_total{outcome="scored"}')).toBe(runs)
  expect(await counted(server, 'judgement_tokens_total{kind="prompt"}')).toBe(runs)
  await runsOf(server, runs)
  await server.close()
  expect(await counted(server, 'judgements_total{outcome="scored"}')).toBe(runs)
})

it.each([
  ['throws', throwing, /^the reward down failed on task .*the judge is down/],
  ['gives no score', isA, /^it is an x$/],
  ['gives a reward out of bounds', worth(2), /^reward must be a finite number from 0 to 1/],
  ['gives no outcome', { name: 'odd', score: async () => [] }, /^the reward odd gave 0 outcomes for 1 samples/],
])('answers all the same where the judge %s, counts it, and takes a reward later', async (_, judge, reason) => {
  const server = judged('x', judge)
  const runs: string[] = []
  for (let seed = 0; seed < 6; seed++) runs.push(...(await runsOf(server, seed)))
  const { a, b, pending, judge: said, verdict } = await settled(server)
  expect([a.decisions + b.decisions, a.unscored + b.unscored, pending, verdict]).toEqual([6, 6, 6, 'undecided'])
  expect([a.meanReward, b.meanReward]).toEqual([null, null])
  expect(said.lastUnscored).toMatch(reason)
  expect(await counted(server, 'judgements_total{outcome="unscored"}')).toBe(6)

  expect((await tell(server, runs[0]!)).status).toBe(200)
  const later = await stateOf(server)
  expect([later.a.unscored + later.b.unscored, later.pending]).toEqual([5, 5])
  await server.close()
})

it('gives an abstention 0, and no score where no sample could be had', async () => {
  const abstaining: Procedure = {
    name: 'abstaining',
    async run(sampler, task, options) {
      const decision = await singleSample().run(sampler, task, options)
      return { ...decision, sample: undefined, answer: undefined, reason: 'it is not sure' }
    },
  }
  const canary = splitCanary({ a: { procedure: abstaining }, b: { procedure: abstaining }, stages: [0.5] })
  const server = judged('a', throwing, { canary })
  await runsOf(server, 1, { n: 4 })
  const { a, b } = await settled(server)
  expect([a.decisions + b.decisions, a.unscored + b.unscored]).toEqual([4, 0])
  expect([a.meanReward, b.meanReward].every((mean) => mean === 0 || mean === null)).toBe(true)

  const failing = judged('!', isA)
  expect((await post(failing, '/v1/chat/completions', chat(1))).status).toBe(502)
  const failed = await settled(failing)
  expect([failed.a.unscored + failed.b.unscored, failed.judge.lastUnscored]).toEqual([1, 'no sample could be had'])
})

it('answers before it judges, whole or streamed, and a person who is faster counts', async () => {
  const { reward, asked, release } = held()
  const server = judged('a', reward)
  const [run] = await runsOf(server, 1)
  const stream = await server.fetch(
    new Request('http://localhost/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(chat(2, { stream: true })),
    }),
  )
  expect(await stream.text()).toContain('[DONE]')
  await expect.poll(() => asked.length).toBe(2)
  expect(await stateOf(server)).toMatchObject({ pending: 2, judge: { open: 2 } })

  expect((await tell(server, run!)).status).toBe(200)
  release()
  const { pending, a, b } = await settled(server)
  expect([pending, a.decisions + b.decisions]).toEqual([0, 2])
  expect(await counted(server, 'judgements_total{outcome="superseded"}')).toBe(1)
  expect(await counted(server, 'judgements_total{outcome="scored"}')).toBe(1)
  const { status, body } = await tell(server, run!)
  expect([status, body]).toMatchObject([
    404,
    { error: { code: 'run-not-found', hint: expect.stringContaining('judge') } },
  ])
})

it('pays nothing for a run whose reward was told while its judgement waited', async () => {
  const { reward, asked, release } = held()
  const server = judged('a', reward, { concurrency: 1 })
  await runsOf(server, 1)
  const [second] = await runsOf(server, 2)
  await expect.poll(() => asked.length).toBe(1)
  await tell(server, second!)
  release()
  await settled(server)
  expect(asked).toHaveLength(1)
})

it('leaves unscored what there is no room for', async () => {
  const { reward, release } = held()
  const server = judged('a', reward, { concurrency: 1, queue: 1 })
  for (let seed = 0; seed < 4; seed++) await runsOf(server, seed)
  const state = await stateOf(server)
  expect([state.judge.open, state.a.unscored + state.b.unscored]).toEqual([2, 2])
  expect(state.judge.lastUnscored).toContain('there is room for 2')
  release()
  const after = await settled(server)
  expect([after.a.decisions + after.b.decisions, after.a.unscored + after.b.unscored]).toEqual([4, 2])
})

it('ends once all is judged, and waits no longer than the deadline for a judge that hangs', async () => {
  const { reward, asked, release } = held()
  const server = judged('a', reward)
  const { url, close } = await listen(server, { port: 0 })
  const answer = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(chat(1)),
  })
  expect(answer.status).toBe(200)
  await expect.poll(() => asked.length).toBe(1)
  let isClosed = false
  const closed = close().then(() => (isClosed = true))
  expect((await stateOf(server)).judge.open).toBe(1)
  expect(isClosed).toBe(false)
  release()
  await closed
  const done = await stateOf(server)
  expect([done.a.decisions + done.b.decisions, done.a.unscored + done.b.unscored, done.pending]).toEqual([1, 0, 0])

  const canary = split()
  const hanging = judged('a', held().reward, { canary, deadline: 0.2, concurrency: 1 })
  await runsOf(hanging, 1, { n: 3 })
  await hanging.close()
  const { a, b } = canary.state()
  expect(a.unscored + b.unscored).toBe(3)
  // All of them together have the deadline: the last one was not judged for as long again.
  expect((await stateOf(hanging)).judge.lastUnscored).toBe('the server was stopped')
})

it('needs a canary, and a judge that judges one by one', () => {
  const options = { procedures: { single: singleSample() }, sampler: letters('a'), token: false } as const
  expect(() => procedureServer({ ...options, judge: isA })).toThrow('there is a judge, but no canary')
  expect(() => judged('a', { ...isA, comparesSamples: true })).toThrow('compares samples')
})
