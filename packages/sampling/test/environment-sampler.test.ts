import {
  chosenCount,
  chosenIndexAt,
  type LogprobProvenance,
  type Sample,
  type SampleRequest,
  type Sampler,
} from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { collect, environmentReward, environmentSampler, judge, type Environment } from '@posttrain/sampling'
import { characterSampler, END, type Speaker } from './support/character-sampler.js'

const provenance: LogprobProvenance = { engine: 'test', dtype: 'f64', weights: 'fixed', step: 0 }
const request: SampleRequest = { task: { id: 't', prompt: 'go' }, count: 1, seed: 5 }

/** Answers `ask` with a message of a tool, takes `x` as a good answer, and remembers what was opened and closed. */
function coin(observation: 'message' | 'text' = 'message'): Environment & { open: number; said: string[] } {
  const environment = {
    name: 'coin',
    open: 0,
    said: [] as string[],
    async start() {
      environment.open++
      return {
        async step(said: string) {
          environment.said.push(said)
          if (said === 'boom') throw new Error('the tool host is gone')
          if (said.startsWith('ask')) {
            const content = '[x]'
            const heard = observation === 'text' ? content : { role: 'tool' as const, content }
            return { observation: heard, done: false, reward: 0.25 }
          }
          return { observation: '', done: true, reward: said === 'x' ? 1 : 0 }
        },
        async close() {
          environment.open--
        },
      }
    },
  }
  return environment
}

const asksThenAnswers: Speaker = (text) => (text.endsWith(']') ? 'x' : 'ask')
const samplerOf = (speaker: Speaker, environment = coin(), maxTurns = 3): ReturnType<typeof environmentSampler> =>
  environmentSampler(
    characterSampler(speaker, () => provenance),
    environment,
    { maxTurns },
  )

describe('environmentSampler', () => {
  it('makes one sample of an episode: a mask on what was chosen, one log-prob for each, rewards by place', async () => {
    const environment = coin()
    const [[sample]] = (await collect(samplerOf(asksThenAnswers, environment), [request])) as [[Sample]]
    expect(sample).toEqual({
      id: 't',
      taskId: 't',
      index: 0,
      seed: 5,
      prompt: undefined,
      text: 'ask[x]x',
      tokens: [...[...'ask'].map(code), END, ...[...'[x]'].map(code), 1, code('x'), END],
      mask: Uint8Array.of(1, 1, 1, 1, 0, 0, 0, 0, 1, 1),
      textEnds: [1, 2, 3, 3, 4, 5, 6, 6, 7, 7],
      logprobs: { values: new Array(6).fill(-0.5), provenance },
      finish: 'stop',
      steps: [
        { end: 3, reward: 0.25 },
        { end: 7, reward: 1 },
      ],
      usage: { promptTokens: 2 + 2 + 8, completionTokens: 6 },
    })
    expect(chosenCount(sample)).toBe(6)
    expect([chosenIndexAt(sample, 3), chosenIndexAt(sample, 5), chosenIndexAt(sample, 7)]).toEqual([2, 3, 4])
    expect(environment).toMatchObject({ open: 0, said: ['ask', 'x'] })
  })

  it('joins the log-probs of likeliest tokens over turns, and leaves them out where a turn has none', async () => {
    const inner = characterSampler(asksThenAnswers, () => provenance)
    const withTop = (turns: number): Sampler => ({
      topLogprobs: 2,
      async *sample(requests) {
        for await (const sample of inner.sample(requests)) {
          const { values } = sample.logprobs!
          const top = Array.from(values, (_, t) => [-0.5, -1 - t])
          yield { ...sample, logprobs: { ...sample.logprobs!, ...(inner.requests.length <= turns && { top }) } }
        }
      },
    })
    const episodes = environmentSampler(withTop(2), coin(), { maxTurns: 3 })
    expect(episodes.topLogprobs).toBe(2)
    const [[whole]] = (await collect(episodes, [request])) as [[Sample]]
    expect(whole.logprobs!.values).toHaveLength(6)
    expect(whole.logprobs!.top!.map((of) => of[1])).toEqual([-1, -2, -3, -4, -1, -2])
    inner.requests.length = 0
    const [[part]] = (await collect(environmentSampler(withTop(1), coin(), { maxTurns: 3 }), [request])) as [[Sample]]
    expect(part.logprobs).toEqual({ values: new Array(6).fill(-0.5), provenance })
  })

  it('puts a text into the turn of the model, which then goes on', async () => {
    const [[sample]] = (await collect(samplerOf(asksThenAnswers, coin('text')), [request])) as [[Sample]]
    expect(sample.text).toBe('ask[x]x')
    expect(sample.mask).toEqual(Uint8Array.of(1, 1, 1, 1, 0, 0, 0, 1, 1))
  })

  it('takes turns together and names each turn’s stream, so that episodes do not share uniforms', async () => {
    const inner = characterSampler(asksThenAnswers, () => provenance)
    const sampler = environmentSampler(inner, coin(), { maxTurns: 3 })
    const [samples] = await collect(sampler, [{ ...request, count: 2, firstIndex: 4 }])
    expect(samples!.map(({ index, finish }) => [index, finish])).toEqual([
      [4, 'stop'],
      [5, 'stop'],
    ])
    expect(inner.requests.map(({ id }) => id)).toEqual([
      '["t",4,"turn",0]',
      '["t",5,"turn",0]',
      '["t",4,"turn",1]',
      '["t",5,"turn",1]',
    ])
    expect(sampler.provenance).toBe(provenance)
  })

  it('ends by length at the last turn, at the episode’s tokens and where the sampler has no room', async () => {
    const always: Speaker = () => 'ask'
    const finishOf = async (sampler: Sampler, maxTokens?: number): Promise<unknown> => {
      const [[sample]] = (await collect(sampler, [{ ...request, maxTokens }])) as [[Sample]]
      return [sample.finish, sample.text]
    }
    expect(await finishOf(samplerOf(always, coin(), 2))).toEqual(['length', 'ask[x]ask'])
    expect(await finishOf(samplerOf(always), 7)).toEqual(['length', 'ask[x]ask'])
    expect(await finishOf(samplerOf(() => 'ask~'))).toEqual(['length', 'ask'])
    const perTurn = environmentSampler(
      characterSampler(always, () => provenance),
      coin(),
      {
        maxTurns: 2,
        maxTokensPerTurn: 3,
      },
    )
    expect(await finishOf(perTurn)).toEqual(['length', 'ask[x]ask'])
  })

  it('fails the sample, not the run, where a turn or the environment fails, and closes every episode', async () => {
    const environment = coin()
    const speaker: Speaker = (_, { id }) => (id!.includes(',0,') ? '!' : id!.includes(',1,') ? 'boom' : 'x')
    const [samples] = await collect(samplerOf(speaker, environment), [{ ...request, count: 3 }])
    expect(samples!.map(({ finish, failure, text }) => [finish, failure, text])).toEqual([
      ['failed', '503', ''],
      ['failed', 'coin: the tool host is gone', 'boom'],
      ['stop', undefined, 'x'],
    ])
    expect(samples![1]!.usage.completionTokens).toBe(5)
    expect(environment.open).toBe(0)
  })

  it('refuses weights that change within an episode', async () => {
    let step = 0
    const inner = characterSampler(asksThenAnswers, () => ({ ...provenance, step: step++ }))
    const environment = coin()
    const run = collect(environmentSampler(inner, environment, { maxTurns: 2 }), [request])
    await expect(run).rejects.toMatchObject({
      code: 'provenance-mismatch',
      message: 'the weights changed within episode 0 of t',
    })
    expect(environment.open).toBe(0)
  })

  it('refuses a sampler that does not continue the very tokens it drew', async () => {
    const inner = characterSampler(asksThenAnswers, () => provenance)
    const encodesAgain: Sampler = {
      provenance,
      sample: (requests, options) =>
        inner.sample(
          requests.map((asked) => ({
            ...asked,
            prefix: asked.prefix!.map((piece) => ({ ...piece, tokens: undefined })),
          })),
          options,
        ),
    }
    const speaks = environmentSampler(encodesAgain, coin('text'), { maxTurns: 2 })
    await expect(collect(speaks, [request])).rejects.toThrow(
      'turn 2 of episode 0 of t does not begin with the tokens of the turn before',
    )
  })

  it.each([
    [{ observation: '', done: true, reward: NaN }, 'the environment broken on task t gave the reward NaN'],
    [{ done: false } as never, 'the environment broken on task t gave the observation undefined'],
  ])('refuses %j', async (given, message) => {
    const episode = { step: async () => given, close: async () => {} }
    const broken: Environment = { name: 'broken', start: async () => episode }
    const inner = characterSampler(asksThenAnswers, () => provenance)
    await expect(collect(environmentSampler(inner, broken, { maxTurns: 2 }), [request])).rejects.toThrow(message)
  })

  it('refuses limits below 1', () => {
    expect(() => samplerOf(() => 'x', coin(), 0)).toThrow('maxTurns must be an integer of at least 1, but is 0')
  })
})

describe('environmentReward', () => {
  it('is the sum of the steps, which the outcome keeps', async () => {
    const [samples] = await collect(samplerOf(asksThenAnswers), [request])
    const { outcomes } = await judge(request.task, samples!, environmentReward)
    const steps = [
      { end: 3, reward: 0.25 },
      { end: 7, reward: 1 },
    ]
    expect(outcomes).toEqual([{ kind: 'scored', reward: 1.25, steps }])
    const { steps: _, ...bare } = samples![0]!
    await expect(judge(request.task, [bare], environmentReward)).rejects.toThrow('sample 0 of t has no steps')
  })
})

function code(character: string): number {
  return character.charCodeAt(0)
}
