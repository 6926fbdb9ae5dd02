import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createStream, throwIfAborted, unsupported } from '@posttrain/core'
import type { Sample, Sampler } from '@posttrain/core'
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
        for (const { task, id = task.id, count, seed, firstIndex = 0 } of requests) {
          for (let i = 0; i < count; i++) {
            const text = String(stream.integer(1000))
            const usage = { promptTokens: 1, completionTokens: 1 }
            yield { id, taskId: task.id, index: firstIndex + i, seed, text, finish: 'stop', usage }
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
    expect(broken).toEqual(['a sample depends on its request and index alone'])
  })

  it('catch a sampler that a prefix that says nothing changes, and let one refuse it', async () => {
    const nothing = ({ name }: { name: string }): boolean => name.startsWith('a prefix that says nothing')
    const given = (change: (id: string) => string): Sampler => ({
      sample: (requests, options) =>
        tabular.sample(
          requests.map((one) => (one.prefix ? { ...one, id: change(one.id ?? one.task.id) } : one)),
          options,
        ),
    })
    const renaming = samplerLaws(
      given((id) => `${id} begun`),
      { tasks },
    ).find(nothing)!
    expect((await fc.check(renaming.property, { seed: 1, numRuns: 5 })).failed).toBe(true)
    const refusing = given(() => {
      throw unsupported('it continues nothing')
    })
    await fc.assert(samplerLaws(refusing, { tasks }).find(nothing)!.property, { seed: 1, numRuns: 5 })
    const failing = given(() => {
      throw new Error('lost')
    })
    expect((await fc.check(samplerLaws(failing, { tasks }).find(nothing)!.property, { numRuns: 1 })).failed).toBe(true)
  })

  it('catch a sampler that loses a sample, and one that invents one', async () => {
    const first = ({ name }: { name: string }): boolean =>
      name === 'every sample asked for comes once, under its own key'
    const changed = (change: (samples: Sample[]) => Sample[]): Sampler => ({
      async *sample(requests, options) {
        const samples: Sample[] = []
        for await (const sample of tabular.sample(requests, options)) samples.push(sample)
        yield* change(samples)
      },
    })
    const lossy = changed((samples) => samples.slice(1))
    const inventive = changed((samples) => [...samples, { ...samples[0]!, index: 99 }])
    const twice = changed((samples) => [...samples, samples[0]!])
    for (const sampler of [lossy, inventive, twice]) {
      const { property } = samplerLaws(sampler, { tasks }).find(first)!
      expect((await fc.check(property, { seed: 1, numRuns: 5 })).failed).toBe(true)
    }
  })
})
