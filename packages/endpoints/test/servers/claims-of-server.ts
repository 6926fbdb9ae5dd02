import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sequenceOf, type Sample, type SampleRequest } from '@posttrain/core'
import {
  endpointDialects,
  endpointSampler,
  probeEndpoint,
  type EndpointDialect,
  type EndpointSamplerOptions,
} from '@posttrain/endpoints'
import { samplerLaws } from '@posttrain/laws'
import { collect } from '@posttrain/sampling'
import { faultyServer } from '../sampler/faulty-server.js'
import { ourPolicy } from './our-policy.js'

const tasks = ['abc', 'de', 'f'].map((prompt) => ({ id: prompt, prompt }))

/** A server that gives ids of tokens and log-probs, and what it says of a prompt that is too long. */
export interface ServerClaims {
  readonly url: () => string
  readonly dialect: EndpointDialect
  readonly tooLong: string
}

/** What must hold of samplers on such a server that has the tiny model. */
export function claimsOfServer({ url, dialect, tooLong }: ServerClaims): void {
  const sampler = (options: Partial<EndpointSamplerOptions> = {}) =>
    endpointSampler({ url: url(), model: 'tiny', abilities: dialect, concurrency: 4, ...options })
  const drawn = async (request: Partial<SampleRequest>, options: Partial<EndpointSamplerOptions> = {}) =>
    (await collect(sampler(options), [{ task: tasks[0]!, count: 1, seed: 0, ...request }]))[0]!

  it.each(['chat', 'completions'] as const)('can do what is said of it: %s', async (api) => {
    const { abilities, models, evidence } = await probeEndpoint({ url: url(), model: 'tiny', api })
    expect(abilities).toEqual(endpointDialects[dialect])
    expect(models).toEqual(['tiny'])
    expect(evidence[1]).toMatch(/^n: 2 gives 2 of 2 choices with [24] tokens, the second as by the next seed$/)
  })

  describe.each(['chat', 'completions'] as const)('asked by %s', (api) => {
    const lazy = { sample: (...given: Parameters<ReturnType<typeof sampler>['sample']>) => ask().sample(...given) }
    const ask = () => sampler({ api, logprobs: true })
    it.each(samplerLaws(lazy, { tasks, maxTokens: 6 }))('$name', ({ property }) => fc.assert(property, { numRuns: 5 }))
  })

  it('gives log-probs that are the model’s own at another temperature and cut, as our transformer has them', async () => {
    const shaping = { temperature: 0.5, topK: 20 }
    const samples = await drawn({ count: 40, maxTokens: 12, ...shaping }, { api: 'completions', logprobs: true })
    const scores = await ourPolicy().score(samples.map((sample) => sequenceOf(tasks[0]!, sample)))
    for (const [i, { logprobs }] of samples.entries()) {
      expect(logprobs).toMatchObject({ provenance: { engine: dialect, weights: 'tiny' }, drawn: shaping })
      expect(logprobs!.provenance).not.toHaveProperty('shaping')
      expectClose(logprobs!.values, scores[i]!.logprob!)
    }
  })

  it.each(['chat', 'completions'] as const)('gives the likeliest tokens at each place by %s', async (api) => {
    const samples = await drawn({ count: 20, maxTokens: 8 }, { api, topLogprobs: 5 })
    const recorded = samples.flatMap(({ logprobs }) => logprobs ?? []) // llama.cpp loses tokens of some samples
    expect(recorded.length).toBeGreaterThan(0)
    for (const { values, top } of recorded) {
      expect(top).toHaveLength(values.length)
      top!.forEach((of, t) => {
        expect(of).toHaveLength(5)
        // What was drawn is among the likeliest, or less likely than all of them.
        const isAmong = Array.from(of).some((value) => Math.abs(value - values[t]!) < 1e-6)
        expect(isAmong || values[t]! <= of[4]!).toBe(true)
      })
    }
  })

  it('gives the log-probs of the likeliest first tokens as our transformer has them', async () => {
    const samples = await drawn({ count: 20, maxTokens: 8 }, { api: 'completions', topLogprobs: 5 })
    const ours = ourPolicy()
    const each = Array.from({ length: ours.tokenizer.vocabulary }, (_, token) => ({ prompt: 'abc', tokens: [token] }))
    const all = (await ours.score(each)).map(({ logprob }) => logprob![0]!).sort((a, b) => b - a)
    expectClose(samples.find(({ logprobs }) => logprobs)!.logprobs!.top![0]!, all.slice(0, 5))
  })

  it('takes the most likely tokens at temperature 0, after what was begun too, as our transformer does', async () => {
    const prompt = [{ role: 'user', content: 'abc' }] as const
    const plain = { api: 'completions' } as const
    const asked = [
      [plain, {}],
      [plain, { prefix: [{ text: 'It ' }, { text: 'is ' }] }],
      [{ api: 'chat' }, { prompt }],
      [{ api: 'chat' }, { prompt, prefix: [{ text: 'It ' }, { text: 'is ' }] }],
    ] as const
    for (const [options, request] of asked) {
      const greedy = { temperature: 0, maxTokens: 12, ...request }
      const [theirs] = await drawn(greedy, options)
      const [ours] = (await collect(ourPolicy(), [{ task: tasks[0]!, count: 1, seed: 0, ...greedy }]))[0]!
      expect(theirs!.text).toBe(ours!.text)
      expect(theirs!.usage).toEqual(ours!.usage)
    }
  })

  it('ends at a stop text, which is not part of the text', async () => {
    const stop = ['o', 'hE']
    const samples = await drawn({ count: 20, maxTokens: 40, stop })
    const plain = await drawn({ count: 20, maxTokens: 40 })
    const cutAt = (text: string): number =>
      Math.min(...stop.map((end) => text.indexOf(end)).filter((at) => at >= 0), Infinity)
    expect(samples.filter(({ finish }) => finish === 'stop').length).toBeGreaterThan(5)
    const saysWhich = endpointDialects[dialect].stopField !== 'none'
    for (const [i, { text, stoppedBy }] of samples.entries()) {
      const whole = plain[i]!.text
      expect(text).toBe(whole.slice(0, cutAt(whole)))
      expect(stoppedBy).toBe(saysWhich ? stop.find((end) => whole.startsWith(end, cutAt(whole))) : undefined)
    }
  })

  it('gives the same samples behind a proxy that spoils a fifth of the answers', async () => {
    const answer = async ({ path, body }: { path: string; body: object }): Promise<string> =>
      (await fetch(url() + path, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) })).text()
    const proxy = await faultyServer(0.2, 5, answer)
    const asked = (_: unknown, i: number): SampleRequest => ({
      task: { id: `${i}`, prompt: `${i} ` },
      count: 3,
      seed: 1,
      maxTokens: 4,
    })
    const requests = Array.from({ length: 100 }, asked)
    const faults = { url: proxy.url, timeout: 2, attempts: 12, concurrency: 8 }
    const textsOf = (groups: readonly (readonly Sample[])[]) => groups.map((group) => group.map(({ text }) => text))
    const spoiled = await collect(sampler(faults), requests)
    expect(textsOf(spoiled)).toEqual(textsOf(await collect(sampler(), requests)))
    const { whole, ...others } = proxy.answers
    expect(whole).toBeGreaterThanOrEqual(100)
    for (const count of Object.values(others)) expect(count).toBeGreaterThan(0)
    await proxy.close()
  })

  it('refuses a prompt that is longer than its context', async () => {
    const task = { id: 'long', prompt: 'a'.repeat(600) }
    await expect(drawn({ task }, { api: 'completions' })).rejects.toMatchObject({
      code: 'sampler-failed',
      message: expect.stringContaining(tooLong),
    })
  })
}

const JSON_TYPE = { 'content-type': 'application/json' }

/** They are in single precision, ours in double: seen were 2e-6. */
function expectClose(theirs: ArrayLike<number>, ours: ArrayLike<number>): void {
  expect(theirs).toHaveLength(ours.length)
  for (let i = 0; i < ours.length; i++) expect(Math.abs(theirs[i]! - ours[i]!)).toBeLessThan(1e-5)
}
