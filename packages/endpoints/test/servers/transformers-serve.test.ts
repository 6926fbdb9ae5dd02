import { describe, expect, it } from 'vitest'
import type { SampleRequest } from '@posttrain/core'
import { endpointDialects, endpointSampler, probeEndpoint, type EndpointSamplerOptions } from '@posttrain/endpoints'
import { collect } from '@posttrain/sampling'
import { modelFolder } from './model-folder.js'
import { ourPolicy } from './our-policy.js'
import { missing, realServer } from './real-server.js'

const task = { id: 'a', prompt: 'abc' }

const why = missing('SERVERS_PYTHON', 'transformers')
describe.skipIf(why !== '')(`transformers serve${why}`, { timeout: 60_000 }, () => {
  const model = modelFolder({ isSampled: true })
  const unsampled = modelFolder({ isSampled: false })
  const flags = ['--host', '127.0.0.1', '--port', '0', '--device', 'cpu', '--dtype', 'float32']
  const url = realServer('SERVERS_PYTHON', () => ['-m', 'transformers.cli.transformers', 'serve', ...flags])
  const drawn = async (request: Partial<SampleRequest>, options: Partial<EndpointSamplerOptions> = {}) => {
    const sampler = endpointSampler({ url: url(), model, abilities: 'transformers', attempts: 2, ...options })
    return (await collect(sampler, [{ task, count: 1, seed: 0, ...request }]))[0]!
  }

  it.each(['chat', 'completions'] as const)('can do what is said of it: %s', async (api) => {
    const { abilities, evidence } = await probeEndpoint({ url: url(), model, api })
    expect(abilities).toEqual({ ...endpointDialects.any, seed: abilities.seed })
    expect(evidence).toContain('n: 2 gives 1 of 2 choices with 2 tokens, the second unlike the next seed')
  })

  it('keeps a seed alone, and not beside other requests', async () => {
    const twice = async (concurrency: number): Promise<readonly (readonly string[])[]> => {
      const draw = () => drawn({ count: 40, maxTokens: 12 }, { concurrency })
      return [await draw(), await draw()].map((samples) => samples.map(({ text }) => text))
    }
    const [one, same] = await twice(1)
    expect(new Set(one).size).toBeGreaterThan(30)
    expect(same).toEqual(one)
    const [crowd, other] = await twice(8)
    expect(other).not.toEqual(crowd)
  })

  it('gives the most likely tokens at every temperature where the model does not ask for samples', async () => {
    const samples = await drawn({ count: 5, maxTokens: 12 }, { model: unsampled })
    const [greedy] = await drawn({ temperature: 0, maxTokens: 12 }, { model: unsampled })
    expect(samples.map(({ text }) => text)).toEqual(Array.from({ length: 5 }, () => greedy!.text))
    const { evidence } = await probeEndpoint({ url: url(), model: unsampled })
    expect(evidence).toContain('nothing can be told, for all seeds give the same text')
  })

  it('takes the most likely tokens at temperature 0, as our transformer does', async () => {
    const prompt = [{ role: 'user', content: 'abc' }] as const
    for (const [api, request] of [
      ['completions', {}],
      ['completions', { prefix: [{ text: 'It is ' }] }],
      ['chat', { prompt }],
    ] as const) {
      const greedy = { temperature: 0, maxTokens: 12, ...request }
      const [theirs] = await drawn(greedy, { api })
      const [ours] = (await collect(ourPolicy(), [{ task, count: 1, seed: 0, ...greedy }]))[0]!
      expect(theirs!.text).toBe(ours!.text)
      expect(theirs!.usage).toEqual(ours!.usage)
    }
  })

  it('is asked for nothing that it would not do', async () => {
    for (const cannot of [{ topK: 3 }, { minP: 0.1 }, { prefix: [{ text: 'a' }] }]) {
      await expect(drawn(cannot)).rejects.toMatchObject({ code: 'unsupported' })
    }
  })
})
