import { requestId } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { collect, exploreThenVote, firstPassing, procedureSampler } from '@posttrain/sampling'
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

describe('an allocation behind a sampler', () => {
  const allocation = exploreThenVote({ budget: 9, most: 5 })
  const script = { a: ['A'], b: ['A', 'B', 'B', 'A', 'B'], c: ['C'] }

  it('shares its budget among the tasks of one call, in a run for each index', async () => {
    const inner = scriptedSampler(script)
    const requests = [
      { task: task('a'), count: 2, seed: 3, temperature: 0.5 },
      { task: task('b'), count: 1, seed: 3, temperature: 0.5, id: 'mine', topP: undefined },
      { task: task('c'), count: 1, firstIndex: 1, seed: 3, temperature: 0.5 },
    ]
    const [a, b, c] = await collect(procedureSampler(allocation, inner), requests)
    expect([...a!, ...b!, ...c!].map(({ id, taskId, index, text, seed }) => [id, taskId, index, text, seed])).toEqual([
      ['a', 'a', 0, 'A', 3],
      ['a', 'a', 1, 'A', 3],
      ['mine', 'b', 0, 'B', 3],
      ['c', 'c', 1, 'C', 3],
    ])
    // Run 0 is over a and b, run 1 over a and c: 9 samples, and 4 of each, which are of one accord.
    const drawn = (id: string): number => inner.requests.filter((request) => request.id === id).length
    expect(drawn(requestId('a', 'run', 0)) + drawn(requestId('mine', 'run', 0))).toBe(9)
    expect([drawn(requestId('a', 'run', 1)), drawn(requestId('c', 'run', 1))]).toEqual([4, 4])
    expect(b![0]!.usage.completionTokens).toBe(drawn(requestId('mine', 'run', 0)))
    expect(inner.requests.every(({ seed, temperature }) => seed === 3 && temperature === 0.5)).toBe(true)
  })

  it('gives further samples of a task in requests of their own', async () => {
    const requests = [0, 1, 2].map((firstIndex) => ({ task: task('a'), count: 1, firstIndex, seed: 0 }))
    const all = await collect(procedureSampler(allocation, scriptedSampler(script)), requests)
    expect(all.map((samples) => samples.map(({ index, text }) => [index, text]))).toEqual([
      [[0, 'A']],
      [[1, 'A']],
      [[2, 'A']],
    ])
  })

  it('keeps rules for each task', async () => {
    const inner = scriptedSampler(script)
    const sampler = procedureSampler(allocation, inner, { rules: { cap: { samples: 3 } } })
    const requests = ['a', 'b'].map((id) => ({ task: task(id), count: 1, seed: 0 }))
    const [a, b] = await collect(sampler, requests)
    expect([a![0]!.usage.completionTokens, b![0]!.usage.completionTokens]).toEqual([3, 3])
  })

  it('refuses requests that it cannot run together before anything is drawn', async () => {
    const inner = scriptedSampler(script)
    const sampler = procedureSampler(allocation, inner)
    const request = { task: task('a'), count: 2, seed: 0 }
    const refused: readonly (readonly [object, string])[] = [
      [{ id: 'other', firstIndex: 1 }, 'two requests ask for sample 1 of task a'],
      [{ task: task('b'), seed: 1 }, 'tasks a and b have different seeds or sampling options'],
      [{ task: task('b'), temperature: 0 }, 'different seeds or sampling options'],
      [{ task: task('b'), prefix: [{ text: 'x' }] }, 'cannot continue a prompt or a prefix'],
    ]
    for (const [changes, message] of refused) {
      await expect(collect(sampler, [request, { ...request, ...changes }])).rejects.toThrow(message)
    }
    expect(await collect(sampler, [])).toEqual([])
    expect(inner.requests).toEqual([])
  })
})
