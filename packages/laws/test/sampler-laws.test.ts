import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createStream, throwIfAborted } from '@posttrain/core'
import type { Sampler } from '@posttrain/core'
import { TabularPolicy } from '@posttrain/models'
import { samplerLaws } from '@posttrain/laws'

const tasks = ['a', 'b', 'c'].map((id) => ({ id, prompt: `prompt ${id}` }))
const tabular = new TabularPolicy({ prompts: tasks.map(({ prompt }) => prompt), words: ['x', 'y', 'z'], length: 2 })

describe('TabularPolicy', () => {
  it.each(samplerLaws(tabular, { tasks }))('$name', ({ property }) => fc.assert(property, { seed: 1, numRuns: 25 }))
})

describe('samplerLaws', () => {
  it('catch a sampler whose samples depend on what else is in the batch', async () => {
    const careless: Sampler = {
      async *sample(requests, options) {
        throwIfAborted(options?.signal)
        const stream = createStream(requests[0]!.seed) // one stream for the whole batch
        for (const { task, count, seed, firstIndex = 0 } of requests) {
          for (let i = 0; i < count; i++) {
            const text = String(stream.integer(1000))
            const usage = { promptTokens: 1, completionTokens: 1 }
            yield { taskId: task.id, index: firstIndex + i, seed, text, finish: 'stop', usage }
          }
        }
      },
    }
    const broken: string[] = []
    for (const { name, property } of samplerLaws(careless, { tasks })) {
      const { failed, counterexample } = await fc.check(property, { seed: 1, numRuns: 25 })
      if (!failed) continue
      broken.push(name)
      const [{ tasks: asked, count }] = counterexample as [{ tasks: unknown[]; count: number }]
      expect(asked.length * count).toBe(2) // shrunk to two samples
    }
    expect(broken).toEqual(['a sample depends on seed, task and index alone'])
  })
})
