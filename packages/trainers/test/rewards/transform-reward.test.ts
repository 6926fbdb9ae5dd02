import type { RewardFunction } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { transformReward } from '../../src/rewards/transform-reward.js'
import { task } from '../support/enumerated-update.js'
import { sampleOf } from '../support/reference-rewards.js'

describe('transformReward', () => {
  const inner: RewardFunction = {
    name: 'inner',
    comparesSamples: true,
    gives: ['proxy'],
    score: async (_, samples) =>
      samples.map(({ text }) => {
        const rest = { answer: text, parts: { proxy: 3 } }
        return text === '?'
          ? { kind: 'unscored', reason: 'no answer', ...rest }
          : { kind: 'scored', reward: text.length, ...rest }
      }),
  }

  it('changes rewards, and nothing else', async () => {
    const reward = transformReward(inner, 'squared', () => (r) => r * r)
    expect(await reward.score(task, ['abc', '?'].map(sampleOf))).toEqual([
      { kind: 'scored', reward: 9, answer: 'abc', parts: { proxy: 3 } },
      { kind: 'unscored', reason: 'no answer', answer: '?', parts: { proxy: 3 } },
    ])
    expect([reward.name, reward.comparesSamples, reward.gives]).toEqual(['squared', true, ['proxy']])
  })

  it('knows the task', async () => {
    const reward = transformReward(
      inner,
      'by task',
      ({ id }) =>
        (r) =>
          r + (id === 'x' ? 10 : 0),
    )
    const rewards = [
      await reward.score(task, [sampleOf('a')]),
      await reward.score({ id: 'y', prompt: 'x' }, [sampleOf('a')]),
    ]
    expect(rewards.map(([outcome]) => outcome)).toMatchObject([{ reward: 11 }, { reward: 1 }])
  })
})
