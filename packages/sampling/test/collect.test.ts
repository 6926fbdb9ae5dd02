import { requestId, type Sampler } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { collect } from '@posttrain/sampling'
import { manualSignal, sampleOf, scriptedSampler, task } from './support/scripted-sampler.js'

const script = { a: ['a0', 'a1', 'a2', 'a3'], b: ['b0', 'b1'] }
const [a, b] = [task('a'), task('b')]

describe('collect', () => {
  it('gives one list per request in index order, however samples arrive', async () => {
    const requests = [
      { task: a, count: 1, firstIndex: 2, seed: 1 },
      { task: b, count: 2, seed: 1 },
      { task: a, count: 2, seed: 1 },
      { task: b, count: 0, seed: 1 },
    ]
    const lists = await collect(scriptedSampler(script), requests)
    expect(lists.map((samples) => samples.map(({ text }) => text))).toEqual([['a2'], ['b0', 'b1'], ['a0', 'a1'], []])
  })

  it('keeps requests of one task with different ids apart', async () => {
    const ids = [0, 1].map((place) => requestId('a', 'step', 3, place))
    const lists = await collect(
      scriptedSampler(script),
      ids.map((id) => ({ task: a, count: 2, seed: 1, id })),
    )
    expect(lists.map((samples) => samples.map(({ id, taskId }) => [id, taskId]))).toEqual(
      ids.map((id) => [
        [id, 'a'],
        [id, 'a'],
      ]),
    )
  })

  it('refuses what is asked for twice before anything is drawn', async () => {
    const sampler = scriptedSampler(script)
    const twice = [
      { task: a, count: 2, seed: 1 },
      { task: a, count: 2, firstIndex: 1, seed: 1 },
    ]
    await expect(collect(sampler, twice)).rejects.toThrow('sample 1 of a is asked for twice')
    await expect(collect(sampler, [{ task: a, count: -1, seed: 1 }])).rejects.toThrow('count must be an integer')
    expect(sampler.requests).toEqual([])
  })

  it('refuses a sampler that leaves out, invents or repeats samples', async () => {
    const requests = [{ task: a, count: 3, seed: 0 }]
    const giving = (...indices: number[]): Sampler => ({
      async *sample() {
        for (const index of indices) yield sampleOf('a', index, 'x')
      },
    })
    await expect(collect(giving(0, 2), requests)).rejects.toThrow(
      'the sampler ended without sample 1 of a: 1 of 3 are missing',
    )
    await expect(collect(giving(), requests)).rejects.toThrow('without sample 0 of a: 3 of 3 are missing')
    await expect(collect(giving(0, 1, 2, 3), requests)).rejects.toThrow('gave sample 3 of a, which was not asked for')
    await expect(collect(giving(0, 0, 1, 2), requests)).rejects.toThrow('gave sample 0 of a, which was not asked for')
  })

  it('ends at the signal, even where the sampler hangs', async () => {
    const signal = manualSignal()
    const hanging: Sampler = {
      async *sample() {
        yield sampleOf('a', 0, 'x')
        await new Promise(() => {})
      },
    }
    const collecting = collect(hanging, [{ task: a, count: 2, seed: 0 }], { signal })
    setTimeout(() => signal.abort(), 5)
    await expect(collecting).rejects.toMatchObject({ code: 'aborted' })
    const sampler = scriptedSampler(script)
    await expect(collect(sampler, [{ task: a, count: 2, seed: 0 }], { signal })).rejects.toMatchObject({
      code: 'aborted',
    })
    expect(sampler.requests).toEqual([])
  })
})
