import { textOf, type RewardFunction, type Sampler } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { answerMatches, monteCarloStepLabels } from '@posttrain/rewards'
import { sampleOf } from '../sample.js'

const task = { id: 't', prompt: '?', reference: 'right' }
const reward = answerMatches({ answerOf: (text) => text.split('\n\n').at(-1) })

/** Comes out right on as many of its samples as the prefix has an `x`. */
const sampler: Sampler = {
  async *sample(requests) {
    for (const { task, id = task.id, count, seed, prefix = [] } of requests) {
      const begun = textOf(prefix)
      const good = begun.split('x').length - 1
      for (let index = 0; index < count; index++) {
        yield { ...sampleOf(begun + (index < good ? 'right' : 'wrong'), index), id, taskId: task.id, seed }
      }
    }
  },
}
const options = { sampler, reward, continuations: 4 }

describe('monteCarloStepLabels', () => {
  it('is the share of continuations from each step that come out right; the last step is the solution itself', async () => {
    expect(await monteCarloStepLabels(task, sampleOf('x\n\nyx x\n\ny\n\nright'), options)).toEqual([
      { end: 3, soft: 0.25, hard: 1, scored: 4 },
      { end: 9, soft: 0.75, hard: 1, scored: 4 },
      { end: 12, soft: 0.75, hard: 1, scored: 4 },
      { end: 17, soft: 1, hard: 1, scored: 1 },
    ])
    expect(await monteCarloStepLabels(task, sampleOf('y\n\nwrong'), options)).toEqual([
      { end: 3, soft: 0, hard: 0, scored: 4 },
      { end: 8, soft: 0, hard: 0, scored: 1 },
    ])
    expect(await monteCarloStepLabels(task, sampleOf(''), options)).toEqual([])
  })

  it('has no label where nothing was scored', async () => {
    const none: RewardFunction = {
      name: 'none',
      score: async (_, samples) => samples.map(() => ({ kind: 'unscored', reason: 'busy' })),
    }
    expect(await monteCarloStepLabels(task, sampleOf('x'), { ...options, reward: none })).toEqual([
      { end: 1, soft: null, hard: null, scored: 0 },
    ])
  })

  it('refuses a reward that is no label and no continuations', async () => {
    const two: RewardFunction = {
      name: 'two',
      score: async (_, samples) => samples.map(() => ({ kind: 'scored', reward: 2 })),
    }
    await expect(monteCarloStepLabels(task, sampleOf('x'), { ...options, reward: two })).rejects.toThrow(
      'two gave 2, and labels are from 0 to 1',
    )
    await expect(monteCarloStepLabels(task, sampleOf('x'), { ...options, continuations: 0 })).rejects.toThrow(
      'continuations must be an integer of at least 1, but is 0',
    )
  })
})
