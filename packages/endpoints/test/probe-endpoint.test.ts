import { describe, expect, it } from 'vitest'
import { endpointDialects, endpointSampler, probeEndpoint } from '@posttrain/endpoints'
import { collect } from '@posttrain/sampling'
import { completionOf, fakeServer, type Override, type Sent } from './sampler/fake-server.js'

const probe = (override?: Override, more: object = {}) => {
  const { fetch, sent } = fakeServer(override)
  return probeEndpoint({ url: 'http://localhost:1', model: 'm', fetch, ...more }).then((found) => ({ ...found, sent }))
}
const isModels = ({ path }: Sent): boolean => path.endsWith('/models')
const owned = (owner: string) => Response.json({ data: [{ id: 'm', owned_by: owner }] })

describe('probing', () => {
  it('finds a server that can do all of it', async () => {
    // The fake server leaves one token with top_k, and knows no min_p.
    const { abilities, models, evidence, sent } = await probe()
    expect(abilities).toEqual({ ...endpointDialects.vllm, minP: false })
    expect(models).toEqual(['m'])
    expect(evidence).toContain('its models belong to vllm: taken for vllm')
    expect(evidence).toContain('min_p does nothing')
    expect(sent.length).toBeLessThan(25)
  })

  it('finds what a server ignores', async () => {
    let call = 0
    const { abilities } = await probe((sent) => {
      if (isModels(sent)) return owned('local')
      // A seed of its own for each request, one choice, no log-probs and no ids.
      const body = {
        ...sent.body,
        seed: ++call,
        n: 1,
        top_k: undefined,
        logprobs: undefined,
        return_token_ids: undefined,
      }
      return Response.json(completionOf({ ...sent, body }))
    })
    expect(abilities).toEqual(endpointDialects.any)
  })

  it('takes no seed for granted where all seeds give the same text', async () => {
    const { abilities, evidence } = await probe((sent) =>
      isModels(sent) ? undefined : Response.json(completionOf({ ...sent, body: { ...sent.body, temperature: 0 } })),
    )
    expect(abilities).toMatchObject({ seed: false, topK: false, minP: false })
    expect(evidence).toContain('nothing can be told, for all seeds give the same text')
  })

  it('takes no seed for granted that holds for one request at a time', async () => {
    let [inFlight, call] = [0, 0]
    const { abilities, evidence } = await probe(async (sent) => {
      if (isModels(sent)) return owned('local')
      inFlight++
      await new Promise((resolve) => setTimeout(resolve, 20))
      const seed = inFlight-- > 1 ? ++call : sent.body['seed']
      return Response.json(completionOf({ ...sent, body: { ...sent.body, seed } }))
    })
    expect(abilities).toMatchObject({ seed: false, topK: true })
    expect(evidence).toContain('the same seed gives another text beside other requests')
  })

  it('finds whether a server repeats what an answer was begun with', async () => {
    const repeating: Override = (sent) => {
      const messages = sent.body['messages'] as { role: string; content: string }[] | undefined
      const last = messages?.at(-1)
      if (last?.role !== 'assistant') return undefined
      const answer = completionOf(sent)
      const choices = answer.choices.map((choice) => ({ ...choice, message: { content: `${last.content}x` } }))
      return Response.json({ ...answer, choices })
    }
    expect((await probe(repeating)).abilities.repeatsPrefill).toBe(true)
    expect((await probe()).abilities.repeatsPrefill).toBe(false)
  })

  it('tells raw log-probs from processed ones', async () => {
    const halved: Override = (sent) => {
      if (isModels(sent)) return undefined
      const answer = completionOf(sent)
      const scale = 1 / Number(sent.body['temperature'])
      for (const choice of answer.choices) {
        if (choice.logprobs && 'content' in choice.logprobs) {
          for (const entry of choice.logprobs.content) entry.logprob *= scale
        }
      }
      return Response.json(answer)
    }
    expect((await probe(halved)).abilities.logprobs).toBe('processed')
    expect((await probe()).abilities.logprobs).toBe('raw')
  })

  it('works without a list of models, and with fields refused', async () => {
    const { abilities, models } = await probe((sent) => {
      if (isModels(sent)) return new Response('nothing here', { status: 404 })
      const known = ['model', 'messages', 'temperature', 'max_tokens', 'seed']
      const unknown = Object.keys(sent.body).filter((field) => !known.includes(field))
      return unknown.length > 0 ? Response.json({ detail: unknown }, { status: 422 }) : undefined
    })
    expect(abilities).toEqual({ ...endpointDialects.any, seed: true })
    expect(models).toEqual([])
  })

  it('says that a server cannot be asked, or that it refuses the plainest request', async () => {
    const down: Override = () => Promise.reject(new TypeError('fetch failed'))
    await expect(probe(down)).rejects.toMatchObject({
      code: 'sampler-failed',
      message: /cannot be asked: fetch failed/,
    })
    const refusing: Override = (sent) => (isModels(sent) ? undefined : new Response('no', { status: 401 }))
    await expect(probe(refusing)).rejects.toThrow('http://localhost:1/v1 cannot be asked: 401: no')
  })

  it('is done once, before the first draw of a sampler that is told nothing', async () => {
    const { fetch, sent } = fakeServer()
    const sampler = endpointSampler({ url: 'http://localhost:1', model: 'm', fetch })
    const request = { task: { id: 'a', prompt: '?' }, count: 2, seed: 0 }
    await Promise.all([collect(sampler, [request]), collect(sampler, [{ ...request, seed: 1 }])])
    expect(sent.filter(isModels)).toHaveLength(1)
    expect(sent.slice(-2).map(({ body }) => body['n'])).toEqual([2, 2])
  })

  it('is made again where the server was down', async () => {
    let isDown = true
    const { fetch } = fakeServer(() => (isDown ? Promise.reject(new TypeError('fetch failed')) : undefined))
    const sampler = endpointSampler({ url: 'http://localhost:1', model: 'm', fetch })
    const request = { task: { id: 'a', prompt: '?' }, count: 1, seed: 0 }
    await expect(collect(sampler, [request])).rejects.toThrow('cannot be asked')
    isDown = false
    expect((await collect(sampler, [request]))[0]).toHaveLength(1)
  })
})
