import { requestId, unsupported, type Sample, type Sampler, type SampleRequest } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { collect, remembered, requestKey, stored, type SampleStore } from '@posttrain/sampling'
import { scriptedSampler, task } from './support/scripted-sampler.js'

/** A store in memory. */
function memory(): SampleStore & { readonly kept: Map<string, Sample> } {
  const kept = new Map<string, Sample>()
  return {
    kept,
    get: (key, index) => kept.get(`${index} ${key}`),
    put: (key, sample) => void kept.set(`${sample.index} ${key}`, sample),
  }
}
const script = { a: ['a0', '!', 'a2'] }
const request: SampleRequest = { task: task('a'), count: 3, seed: 0 }

describe('stored', () => {
  it('draws only what the store lacks, and failed samples again', async () => {
    const store = memory()
    const sampler = scriptedSampler(script)
    const [first] = await collect(stored(sampler, store), [request])
    expect(first!.map(({ finish }) => finish)).toEqual(['stop', 'failed', 'stop'])
    expect(store.kept.size).toBe(2)
    sampler.requests.length = 0
    const [again] = await collect(stored(sampler, store), [{ ...request, count: 4 }])
    expect(again!.map(({ text }) => text)).toEqual(['a0', '', 'a2', 'a0'])
    expect(sampler.requests.map(({ firstIndex, count }) => [firstIndex, count])).toEqual([
      [1, 1],
      [3, 1],
    ])
  })

  it('keeps what a sampler draws with the likeliest tokens apart from what it draws without', async () => {
    const store = memory()
    await collect(stored(scriptedSampler({ a: ['a0'] }), store), [request])
    const sampler = { ...scriptedSampler({ a: ['a1'] }), topLogprobs: 5 }
    const [samples] = await collect(stored(sampler, store), [request])
    expect(samples!.map(({ text }) => text)).toEqual(['a1', 'a1', 'a1'])
    expect([sampler.requests.length, store.kept.size, stored(sampler, store).topLogprobs]).toEqual([1, 6, 5])
  })

  it('leaves to the sampler whether a request for no sample would be served', async () => {
    const refusing: Sampler = {
      async *sample(requests) {
        if (requests.some(({ prefix }) => prefix)) throw unsupported('cannot continue')
        yield* scriptedSampler(script).sample(requests)
      },
    }
    const asking = { ...request, count: 0, prefix: [{ text: 'so' }] }
    for (const sampler of [stored(refusing, memory()), remembered(refusing, { onSample: () => {} })]) {
      const all = async () => {
        for await (const _ of sampler.sample([asking])) throw new Error('nothing was asked for')
      }
      await expect(all()).rejects.toThrow('cannot continue')
      await expect(all()).rejects.toMatchObject({ code: 'unsupported' })
    }
  })

  it('keeps apart what differs in seed, id, prompt, prefix or options, and nothing else', () => {
    const key = requestKey(request)
    const others: readonly Partial<SampleRequest>[] = [
      { seed: 1 },
      { id: requestId('a', 1) },
      { prompt: 'b' },
      { prefix: [{ text: 'x' }] },
      { prefix: [{ text: 'x', tokens: [1] }] },
      { temperature: 0.5 },
      { topK: 2 },
      { topP: 0.5 },
      { minP: 0.5 },
      { maxTokens: 5 },
      { stop: ['x'] },
    ]
    const keys = others.map((other) => requestKey({ ...request, ...other }))
    expect(new Set([key, ...keys]).size).toBe(others.length + 1)
    expect(requestKey(request, undefined)).toBe(key)
    expect(new Set([key, requestKey(request, 5), requestKey(request, 20)]).size).toBe(3)
    const same: SampleRequest = { ...request, count: 9, firstIndex: 4, temperature: 1, topP: 1, stop: [] }
    expect(requestKey(same)).toBe(key)
    // A search begins with a piece that says nothing yet.
    expect(requestKey({ ...request, prefix: [{ text: '' }] })).toBe(key)
    const going = { ...request, prefix: [{ text: '' }, { text: 'x' }] }
    expect(requestKey(going)).toBe(requestKey({ ...request, prefix: [{ text: 'x' }] }))
    expect(requestKey({ ...request, prefix: [{ text: '', tokens: [1] }] })).not.toBe(key)
  })
})
