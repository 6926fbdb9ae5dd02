import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sequenceOf, type Sample, type SampleRequest } from '@posttrain/core'
import { endpointDialects, endpointSampler, probeEndpoint, type EndpointSamplerOptions } from '@posttrain/endpoints'
import { samplerLaws } from '@posttrain/laws'
import { collect } from '@posttrain/sampling'
import { faultyServer } from '../sampler/faulty-server.js'
import { newFile } from '../store/folder.js'
import { ggufFile } from './gguf-file.js'
import { ourPolicy } from './our-policy.js'
import { missing, realServer } from './real-server.js'

const SERVER = fileURLToPath(new URL('./llama_cpp_server.py', import.meta.url))
const tasks = ['abc', 'de', 'f'].map((prompt) => ({ id: prompt, prompt }))

const why = missing('xllamacpp')
describe.skipIf(why !== '')(`llama.cpp's server${why}`, { timeout: 60_000 }, () => {
  const url = realServer(() => {
    const model = newFile('tiny.gguf')
    writeFileSync(model, ggufFile())
    return [SERVER, model]
  })
  const sampler = (options: Partial<EndpointSamplerOptions> = {}) =>
    endpointSampler({ url: url(), model: 'tiny', abilities: 'llama.cpp', concurrency: 4, ...options })
  const drawn = async (request: Partial<SampleRequest>, options: Partial<EndpointSamplerOptions> = {}) =>
    (await collect(sampler(options), [{ task: tasks[0]!, count: 1, seed: 0, ...request }]))[0]!

  it.each(['chat', 'completions'] as const)('can do what is said of it: %s', async (api) => {
    const { abilities, models, evidence } = await probeEndpoint({ url: url(), model: 'tiny', api })
    expect(abilities).toEqual(endpointDialects['llama.cpp'])
    expect(models).toEqual(['tiny'])
    expect(evidence).toContain('n: 2 gives 2 of 2 choices with 2 tokens, the second as by the next seed')
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
      expect(logprobs).toMatchObject({ provenance: { engine: 'llama.cpp', weights: 'tiny' }, drawn: shaping })
      expect(logprobs!.provenance).not.toHaveProperty('shaping')
      expectClose(logprobs!.values, scores[i]!.logprob!)
    }
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
    for (const [i, { text }] of samples.entries()) expect(text).toBe(plain[i]!.text.slice(0, cutAt(plain[i]!.text)))
  })

  it('gives the same samples behind a proxy that spoils a fifth of the answers', async () => {
    const answer = async ({ path, body }: { path: string; body: object }): Promise<string> =>
      (await fetch(url() + path, { method: 'POST', body: JSON.stringify(body) })).text()
    const proxy = await faultyServer(0.2, 5, answer)
    const requests = tasks.map((task) => ({ task, count: 100, seed: 1, maxTokens: 4 }))
    const faults = { url: proxy.url, timeout: 1, attempts: 12, concurrency: 32 }
    const textsOf = (groups: readonly (readonly Sample[])[]) => groups.map((group) => group.map(({ text }) => text))
    const spoiled = await collect(sampler(faults), requests)
    expect(textsOf(spoiled)).toEqual(textsOf(await collect(sampler(), requests)))
    const { whole, ...others } = proxy.answers
    expect(whole).toBeGreaterThan(250)
    for (const count of Object.values(others)) expect(count).toBeGreaterThan(0)
    await proxy.close()
  })

  it('refuses a prompt that is longer than its context', async () => {
    const task = { id: 'long', prompt: 'a'.repeat(600) }
    await expect(drawn({ task }, { api: 'completions' })).rejects.toMatchObject({
      code: 'sampler-failed',
      message: expect.stringContaining('request (600 tokens) exceeds'),
    })
  })
})

/** They are in single precision, ours in double: seen were 2e-6. */
function expectClose(theirs: ArrayLike<number>, ours: ArrayLike<number>): void {
  expect(theirs).toHaveLength(ours.length)
  for (let i = 0; i < ours.length; i++) expect(Math.abs(theirs[i]! - ours[i]!)).toBeLessThan(1e-5)
}
