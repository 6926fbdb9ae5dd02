import fc from 'fast-check'
import type { Sample } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { collect, remembered } from '@posttrain/sampling'
import { manualSignal, sampleOf, scriptedSampler, task } from './support/scripted-sampler.js'

const script = { a: ['a0', 'a1', 'a2', 'a3'], b: ['b0', 'b1'] }
const requests = [
  { task: task('a'), count: 4, seed: 0 },
  { task: task('b'), count: 2, seed: 0 },
]

describe('remembered', () => {
  it('continues a stopped run to the same samples, drawing only what is missing', async () => {
    const whole = await collect(scriptedSampler(script), requests)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), async (stopAfter) => {
        const signal = manualSignal()
        const known: Sample[] = []
        const onSample = (sample: Sample): void => {
          known.push(sample)
          if (known.length === stopAfter) signal.abort()
        }
        const stopped = collect(remembered(scriptedSampler(script), { onSample }), requests, { signal })
        await expect(stopped).rejects.toMatchObject({ code: 'aborted' })
        expect(known).toHaveLength(stopAfter)

        const sampler = scriptedSampler(script)
        expect(await collect(remembered(sampler, { known }), requests)).toEqual(whole)
        expect(sampler.requests.reduce((sum, { count }) => sum + count, 0)).toBe(6 - stopAfter)
      }),
    )
  })

  it('asks for the gaps between known samples only, and for failed ones again', async () => {
    const sampler = scriptedSampler(script)
    const known: Sample[] = [
      sampleOf('a', 1, 'known'),
      { ...sampleOf('a', 3, ''), finish: 'failed', failure: '503' },
      sampleOf('z', 0, 'of another task'),
    ]
    const [samples] = await collect(remembered(sampler, { known }), requests.slice(0, 1))
    expect(samples!.map(({ text }) => text)).toEqual(['a0', 'known', 'a2', 'a3'])
    expect(sampler.requests.map(({ firstIndex, count }) => [firstIndex, count])).toEqual([
      [0, 1],
      [2, 2],
    ])
  })

  it('draws a known sample again that lacks the log-probs of likeliest tokens, which the sampler gives', async () => {
    const sampler = { ...scriptedSampler(script), topLogprobs: 2 }
    const provenance = { engine: 'e', dtype: 'f32', weights: 'w' } as const
    const logprobs = { values: [-1, -1], provenance }
    const known: Sample[] = [
      { ...sampleOf('a', 0, 'kept'), logprobs: { ...logprobs, top: [[-1], [-1]] } },
      { ...sampleOf('a', 1, 'without'), logprobs },
      sampleOf('a', 2, 'without'),
    ]
    const [samples] = await collect(remembered(sampler, { known }), requests.slice(0, 1))
    expect(samples!.map(({ text }) => text)).toEqual(['kept', 'a1', 'a2', 'a3'])
    expect(remembered(sampler, { known }).topLogprobs).toBe(2)
  })

  it('refuses known samples of another seed, or that continue another prompt', async () => {
    const known = [sampleOf('a', 0, 'x')]
    const asked = { task: task('a'), count: 1, seed: 1 }
    await expect(collect(remembered(scriptedSampler(script), { known }), [asked])).rejects.toThrow(
      'known sample 0 of a has seed 0, not 1',
    )
    const other = { ...asked, seed: 0, prompt: 'another' }
    await expect(collect(remembered(scriptedSampler(script), { known }), [other])).rejects.toThrow(
      'known sample 0 of a continues another prompt',
    )
  })
})
