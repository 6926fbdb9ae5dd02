import type { Decision } from '@posttrain/core'
import { collect, evaluate, procedureSampler, type Allocation } from '@posttrain/sampling'
import { describe, expect, it } from 'vitest'
import { exactMatch, sampleOf, scriptedSampler, task } from './support/scripted-sampler.js'

const usage = { promptTokens: 1, completionTokens: 1 }
const decision = (taskId: string, changes: object = {}): Decision => ({
  taskId,
  answer: 'A',
  sample: sampleOf(taskId, 0, 'A'),
  reason: 'because',
  stopped: 'complete',
  usage,
  judging: usage,
  samples: [],
  ...changes,
})
const tasks = [task('a'), task('b'), task('c')]
const three = ['a', 'b', 'c'].map((id) => decision(id))

describe('an allocation of somebody else', () => {
  const wrong: readonly (readonly [string, () => unknown, string])[] = [
    ['misses a task', () => three.slice(0, 1), 'ended without a decision on task b: 2 of 3 tasks have none'],
    ['decides nothing', () => [], 'ended without a decision on task a: 3 of 3 tasks have none'],
    ['decides twice', () => [...three, three[1]], 'decided on task b twice'],
    ['decides on an unknown task', () => [...three, decision('z')], 'decided on task z, which it was not given'],
    ['mixes tasks up', () => [decision('a', { sample: sampleOf('b', 0, 'A') })], 'on task a: its sample is of task b'],
    ['gives null', () => [null], 'gave no decision on any task: it is null'],
    [
      'gives no taskId',
      () => [decision('a', { taskId: undefined })],
      'gave no decision on any task: its taskId is undefined',
    ],
    ['gives no usage', () => [decision('b', { usage: undefined })], 'gave no decision on task b: it has no usage'],
    ['gives another cause', () => [decision('b', { stopped: 'bored' })], 'its cause of stopping is "bored"'],
  ]
  const failing: readonly (readonly [string, () => unknown, string])[] = [
    ['throws at once', () => expect.fail('boom'), 'failed as it began: boom'],
    ['gives no stream', () => 4, 'gave 4, not a stream of decisions'],
    ['gives a list', () => three, 'not a stream of decisions'],
  ]
  async function* streamed(all: Iterable<Decision>): AsyncGenerator<Decision> {
    yield* all
  }
  it.each([
    ...wrong.map(([title, gives, message]) => [title, () => streamed(gives() as Decision[]), message] as const),
    ...failing,
  ])('that %s is named', async (_, gives, message) => {
    const allocation: Allocation = { name: 'odd', runAll: () => gives() as never }
    const sampler = scriptedSampler({ a: ['A'], b: ['A'], c: ['A'] })
    const requests = tasks.map((of) => ({ task: of, count: 1, seed: 0 }))
    for (const act of [
      () => evaluate({ allocation, sampler, tasks, reward: exactMatch }),
      () => collect(procedureSampler(allocation, sampler), requests),
    ]) {
      await expect(act()).rejects.toMatchObject({
        code: 'invalid-data',
        message: expect.stringMatching(/^the allocation odd /),
      })
      await expect(act()).rejects.toThrow(message)
    }
  })

  it('sees tasks without their references, and is told to end when it is left', async () => {
    let hasEnded = false
    const allocation: Allocation = {
      name: 'curious',
      async *runAll(_, all) {
        try {
          for await (const of of all) {
            expect(of).not.toHaveProperty('reference')
            yield decision(of.id)
          }
          yield decision('z')
          expect.fail('it goes on')
        } finally {
          hasEnded = true
        }
      },
    }
    const sampler = scriptedSampler({})
    await expect(evaluate({ allocation, sampler, tasks, reward: exactMatch })).rejects.toThrow('task z')
    expect(hasEnded).toBe(true)
  })
})
