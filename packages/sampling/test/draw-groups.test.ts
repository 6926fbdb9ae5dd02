import type { RewardFunction, Sample, Sampler, SampleRequest } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { drawGroups } from '@posttrain/sampling'
import { exactMatch, manualSignal, scriptedSampler, task } from './support/scripted-sampler.js'

const later = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))
const many = (count: number): SampleRequest[] =>
  Array.from({ length: count }, (_, i) => ({ task: { id: `t${i}`, prompt: '', reference: 'A' }, count: 2, seed: 0 }))
const answersA: Sampler = {
  async *sample(requests) {
    for (const { task: of, count, seed } of requests) {
      for (let index = 0; index < count; index++) {
        const usage = { promptTokens: 1, completionTokens: 1 }
        yield { id: of.id, taskId: of.id, index, seed, text: 'A', finish: 'stop', usage }
      }
    }
  },
}

describe('drawGroups', () => {
  it('gives every group with its request', async () => {
    const found: [string, string[]][] = []
    for await (const { request, task: of, samples, outcomes } of drawGroups(answersA, many(5), {
      reward: exactMatch,
    })) {
      expect(request.task).toBe(of)
      expect(outcomes).toHaveLength(2)
      found.push([of.id, samples.map(({ text }) => text)])
    }
    expect(found.sort()).toEqual([0, 1, 2, 3, 4].map((i) => [`t${i}`, ['A', 'A']]))
  })

  it('judges no more groups at a time than it may, and comes with each as soon as it is judged', async () => {
    let [running, most, done] = [0, 0, 0]
    const slow: RewardFunction = {
      name: 'slow',
      async score(of, samples, options) {
        most = Math.max(most, ++running)
        while (of.id === 't0' && done < 5) await later(1)
        await later(1)
        done++
        running--
        return exactMatch.score(of, samples, options)
      },
    }
    const order: string[] = []
    for await (const group of drawGroups(answersA, many(6), { reward: slow, concurrency: 2 })) order.push(group.task.id)
    expect(most).toBe(2)
    expect(order).toHaveLength(6)
    expect(order.at(-1)).toBe('t0')
  })

  it('draws on only as fast as groups are consumed, however many requests there are', async () => {
    let taken = 0
    function* endless(): Generator<SampleRequest> {
      for (;;) yield { task: task(`t${taken++}`), count: 1, seed: 0 }
    }
    let consumed = 0
    const held: number[] = []
    for await (const _ of drawGroups(answersA, endless(), { reward: exactMatch, inFlight: 8 })) {
      held.push(taken - consumed)
      await later(0)
      if (++consumed === 50) break
    }
    // Two calls of four requests are open, and the next batch is begun while the last is still being emptied.
    expect(Math.max(...held)).toBeLessThanOrEqual(12)
  })

  it('asks in two calls of half of what may be in flight', async () => {
    const sizes: number[] = []
    const counting: Sampler = {
      sample(requests, options) {
        sizes.push(requests.length)
        return answersA.sample(requests, options)
      },
    }
    for await (const _ of drawGroups(counting, many(10), { reward: exactMatch, inFlight: 8 }));
    expect(sizes).toEqual([4, 4, 2])
  })

  it('hands over what is finished when one group fails, and asks for nothing more', async () => {
    let asked = 0
    const failing: RewardFunction = {
      name: 'failing',
      async score(of, samples, options) {
        asked++
        if (of.id === 't2') throw new Error('rate limit')
        return exactMatch.score(of, samples, options)
      },
    }
    const seen: string[] = []
    const all = (async () => {
      const options = { reward: failing, concurrency: 1, inFlight: 2 }
      for await (const group of drawGroups(answersA, many(100), options)) seen.push(group.task.id)
    })()
    await expect(all).rejects.toThrow('the reward failing failed on task t2: rate limit')
    expect(seen).toEqual(['t0', 't1'])
    expect(asked).toBeLessThanOrEqual(4)
  })

  it('ends at the signal with every sample handed to onSample, even where sampler and reward hang', async () => {
    const signal = manualSignal()
    const kept: Sample[] = []
    const hangs: Sampler = {
      async *sample(requests, options) {
        yield* answersA.sample(requests.slice(0, 1), options)
        await new Promise(() => {})
      },
    }
    const reward: RewardFunction = { name: 'hanging', score: () => new Promise(() => {}) }
    const all = (async () => {
      const options = { reward, signal, onSample: (sample: Sample) => void kept.push(sample) }
      for await (const _ of drawGroups(hangs, many(3), options)) throw new Error('nothing can come')
    })()
    setTimeout(() => signal.abort(), 10)
    await expect(all).rejects.toMatchObject({ code: 'aborted' })
    expect(kept).toHaveLength(2)
  })

  it('tells the sampler when its consumer has had enough', async () => {
    let stopped = false
    const sampler: Sampler = {
      async *sample(requests, options) {
        options?.signal?.addEventListener('abort', () => (stopped = true))
        yield* answersA.sample(requests, options)
        await new Promise(() => {})
      },
    }
    for await (const _ of drawGroups(sampler, many(3), { reward: exactMatch })) break
    expect(stopped).toBe(true)
  })

  it('refuses a lossy sampler', async () => {
    const lossy: Sampler = {
      async *sample(requests, options) {
        for await (const sample of answersA.sample(requests, options)) if (sample.index === 0) yield sample
      },
    }
    const all = (async () => {
      for await (const _ of drawGroups(lossy, many(3), { reward: exactMatch }));
    })()
    await expect(all).rejects.toThrow('the sampler ended without sample 1 of t0: 1 of 2 are missing')
    await expect(
      (async () => {
        for await (const _ of drawGroups(scriptedSampler({}), many(1), { reward: exactMatch, inFlight: 0 }));
      })(),
    ).rejects.toThrow('inFlight must be an integer of at least 1')
  })
})
