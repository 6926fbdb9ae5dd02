import type { RewardFunction } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { bestOf, firstPassing, singleSample } from '@posttrain/sampling'
import { numeric, scriptedSampler, task } from '../support/scripted-sampler.js'

describe('bestOf', () => {
  const decide = (...texts: string[]) =>
    bestOf({ n: texts.length, by: numeric }).run(scriptedSampler({ t: texts }), task('t'))

  it('answers with the text of highest reward, the first drawn of equals', async () => {
    const decision = await decide('-3', '2', 'x', '2.0', '1')
    expect(decision).toMatchObject({ answer: '2', reason: 'sample 1 is the best of 5 by numeric, with 2' })
    expect(decision.samples).toHaveLength(5)
    expect(await decide('-3', '-4')).toMatchObject({ answer: '-3' })
  })

  it('abstains where nothing was scored, and never chooses a failed sample', async () => {
    expect(await decide('x', '!')).toMatchObject({
      answer: undefined,
      reason: 'none of 2 samples was scored by numeric',
    })
    expect(await decide('!', '-1')).toMatchObject({ answer: '-1' })
  })

  it('is made with what it chooses by, or not at all', () => {
    // @ts-expect-error without by
    expect(() => bestOf({ n: 2 })).toThrow('bestOf needs by, the reward function that it chooses by')
    expect(() => bestOf({ n: 0, by: numeric })).toThrow('n must be an integer of at least 1, but is 0')
  })

  it('shows what it chooses by no reference, and reports what judging cost', async () => {
    const usage = { promptTokens: 2, completionTokens: 1, cost: 3 }
    const by: RewardFunction = {
      name: 'priced',
      score: async (of, samples) => {
        expect(of).not.toHaveProperty('reference')
        return samples.map(() => ({ kind: 'scored', reward: 0, usage }))
      },
    }
    const decision = await bestOf({ n: 3, by }).run(scriptedSampler({ t: ['a'] }), task('t'))
    expect(decision.usage).toEqual({ promptTokens: 9, completionTokens: 3 })
    expect(decision.judging).toEqual({ promptTokens: 6, completionTokens: 3, cost: 9 })
  })
})

describe('firstPassing', () => {
  it('stops at the first sample that passes, and pays for no other', async () => {
    const sampler = scriptedSampler({ t: ['0', 'x', '1', '2'] })
    const decision = await firstPassing({ k: 4, by: numeric }).run(sampler, task('t'), { seed: 3, id: 'r' })
    expect(decision).toMatchObject({ answer: '1', taskId: 't' })
    expect(decision.reason).toBe('sample 2 is the first that passed numeric, of at most 4')
    expect(decision.samples).toHaveLength(3)
    expect(decision.usage).toEqual({ promptTokens: 9, completionTokens: 3 })
    expect(sampler.requests.map(({ id, firstIndex, count, seed }) => [id, firstIndex, count, seed])).toEqual([
      ['r', 0, 1, 3],
      ['r', 1, 1, 3],
      ['r', 2, 1, 3],
    ])
  })

  it('asks a verifier that compares samples about all of them at once', async () => {
    const sampler = scriptedSampler({ t: ['0', '1', '1'] })
    const by: RewardFunction = { ...numeric, comparesSamples: true }
    const decision = await firstPassing({ k: 3, by }).run(sampler, task('t'))
    expect(decision.sample?.index).toBe(1)
    expect(sampler.requests.map(({ count }) => count)).toEqual([3])
  })

  it('accepts above a threshold of its own: rejection sampling', async () => {
    const accepting = firstPassing({ k: 4, by: numeric, threshold: 2.5 })
    expect(accepting.name).toBe('first-passing@4≥2.5 by numeric')
    expect(await accepting.run(scriptedSampler({ t: ['1', '2', '3', '4'] }), task('t'))).toMatchObject({ answer: '3' })
    const least = firstPassing({ k: 2, by: numeric, threshold: -1 })
    expect(await least.run(scriptedSampler({ t: ['-2', '-1'] }), task('t'))).toMatchObject({ answer: '-1' })
    expect(() => firstPassing({ k: 4, by: numeric, threshold: NaN })).toThrow('threshold must be')
  })

  it('knows that it failed', async () => {
    const decision = await firstPassing({ k: 3, by: numeric }).run(scriptedSampler({ t: ['0', '!', ''] }), task('t'))
    expect(decision).toMatchObject({ answer: undefined, sample: undefined, reason: 'none of 3 samples passed numeric' })
  })
})

describe('singleSample', () => {
  it('answers with the only sample, and abstains where it failed', async () => {
    const sampler = scriptedSampler({ t: ['A'], f: ['!'] })
    expect(await singleSample().run(sampler, task('t'))).toMatchObject({ answer: 'A', reason: 'the only sample' })
    expect(await singleSample().run(sampler, task('f'))).toMatchObject({
      answer: undefined,
      sample: undefined,
      reason: 'the only sample failed',
    })
  })
})
