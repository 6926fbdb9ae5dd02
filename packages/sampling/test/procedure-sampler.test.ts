import { requestId } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { collect, firstPassing, procedureSampler } from '@posttrain/sampling'
import { numeric, scriptedSampler, task } from './support/scripted-sampler.js'

describe('procedureSampler', () => {
  it('gives the decisions of a procedure as samples, an abstention as the empty text', async () => {
    const inner = scriptedSampler({ a: ['0', '5', '0'], b: ['0'] })
    const sampler = procedureSampler(firstPassing({ k: 3, by: numeric }), inner)
    const requests = ['a', 'b'].map((id) => ({ task: task(id), count: 2, seed: 7, temperature: 0.5 }))
    const [a, b] = await collect(sampler, requests)
    expect(a!.map(({ id, index, text, seed }) => [id, index, text, seed])).toEqual([
      ['a', 0, '5', 7],
      ['a', 1, '5', 7],
    ])
    expect(a![0]!.usage).toEqual({ promptTokens: 6, completionTokens: 2 })
    expect(b!.map(({ text, finish }) => [text, finish])).toEqual([
      ['', 'stop'],
      ['', 'stop'],
    ])
    expect(inner.requests[0]).toMatchObject({ id: requestId('a', 'run', 0), temperature: 0.5, count: 1 })
  })

  it('refuses to continue a prompt or a prefix before anything is drawn', async () => {
    const inner = scriptedSampler({ a: ['1'] })
    const sampler = procedureSampler(firstPassing({ k: 1, by: numeric }), inner)
    const request = { task: task('a'), count: 1, seed: 0, prefix: [{ text: 'x' }] }
    await expect(collect(sampler, [request])).rejects.toMatchObject({ code: 'unsupported' })
    expect(inner.requests).toEqual([])
  })
})
