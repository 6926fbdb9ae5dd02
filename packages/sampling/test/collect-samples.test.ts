import fc from 'fast-check'
import type { Sample } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { collectSamples } from '@posttrain/sampling'
import { manualSignal, scriptedSampler, task } from './scripted-sampler.js'

const script = { a: ['a0', 'a1', 'a2', 'a3'], b: ['b0', 'b1'] }
const [a, b] = [task('a'), task('b')]
const texts = (groups: ReadonlyMap<string, readonly Sample[]>) =>
  [...groups].map(([id, samples]) => [id, samples.map(({ text }) => text)])

describe('collectSamples', () => {
  it('groups by task in index order, however samples arrive and requests are cut', async () => {
    const groups = await collectSamples(scriptedSampler(script), [
      { task: a, count: 1, firstIndex: 2, seed: 1 },
      { task: b, count: 2, seed: 1 },
      { task: a, count: 2, seed: 1 },
    ])
    expect(texts(groups)).toEqual([
      ['a', ['a0', 'a1', 'a2']],
      ['b', ['b0', 'b1']],
    ])
  })

  it('continues a stopped run to the same samples, drawing only what is missing', async () => {
    const requests = [
      { task: a, count: 4, seed: 1 },
      { task: b, count: 2, seed: 1 },
    ]
    const whole = texts(await collectSamples(scriptedSampler(script), requests))
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), async (stopAfter) => {
        const signal = manualSignal()
        const known: Sample[] = []
        const onSample = (sample: Sample): void => {
          known.push(sample)
          if (known.length === stopAfter) signal.aborted = true
        }
        const stopped = collectSamples(scriptedSampler(script), requests, { signal, onSample })
        await expect(stopped).rejects.toMatchObject({ code: 'aborted' })
        expect(known).toHaveLength(stopAfter)

        const sampler = scriptedSampler(script)
        expect(texts(await collectSamples(sampler, requests, { known }))).toEqual(whole)
        expect(sampler.requests.reduce((sum, { count }) => sum + count, 0)).toBe(6 - stopAfter)
      }),
    )
  })

  it('asks for the gaps between known samples only', async () => {
    const sampler = scriptedSampler(script)
    const known = [...(await collectSamples(sampler, [{ task: a, count: 1, firstIndex: 1, seed: 1 }])).values()].flat()
    sampler.requests.length = 0
    await collectSamples(sampler, [{ task: a, count: 4, seed: 1 }], { known })
    expect(sampler.requests.map(({ firstIndex, count }) => [firstIndex, count])).toEqual([
      [0, 1],
      [2, 2],
    ])
  })

  it('refuses overlapping requests, and known samples of another seed', async () => {
    const twice = [
      { task: a, count: 2, seed: 1 },
      { task: a, count: 2, firstIndex: 1, seed: 1 },
    ]
    await expect(collectSamples(scriptedSampler(script), twice)).rejects.toThrow(
      'sample 1 of task a is asked for twice',
    )
    const known = [...(await collectSamples(scriptedSampler(script), [{ task: a, count: 1, seed: 2 }])).values()].flat()
    const again = collectSamples(scriptedSampler(script), [{ task: a, count: 1, seed: 1 }], { known })
    await expect(again).rejects.toThrow('known sample 0 of task a has seed 2, not 1')
  })

  it('refuses a sampler that leaves out or invents samples', async () => {
    const sampler = scriptedSampler(script)
    const shifted = (by: number) => ({
      sample: (requests: Parameters<typeof sampler.sample>[0]) =>
        sampler.sample(requests.map((request) => ({ ...request, count: request.count + by }))),
    })
    const requests = [{ task: a, count: 2, seed: 1 }]
    await expect(collectSamples(shifted(-1), requests)).rejects.toThrow('ended without sample 1 of task a')
    await expect(collectSamples(shifted(1), requests)).rejects.toThrow('sample 2 of task a, which was not asked for')
  })
})
