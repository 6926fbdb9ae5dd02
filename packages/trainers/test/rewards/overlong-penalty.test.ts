import type { Outcome, RewardFunction, Sample } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { overlongPenalty, withOverlongPenalty } from '../../src/rewards/overlong-penalty.js'
import { task } from '../support/enumerated-update.js'
import { sampleOf } from '../support/reference-rewards.js'

const reward: RewardFunction = {
  name: 'right',
  gives: ['proxy'],
  score: async (_, samples) =>
    samples.map(({ text }): Outcome =>
      text === '?' ? { kind: 'unscored', reason: 'no answer' } : { kind: 'scored', reward: 1, answer: text },
    ),
}
const sampleOfLength = (completionTokens: number): Sample => ({
  ...sampleOf('a'),
  usage: { promptTokens: 1, completionTokens },
})

describe('overlongPenalty', () => {
  it('is 0, then a slope, then −1', () => {
    const lengths = [0, 16384, 17408, 18432, 20480, 30000]
    expect(lengths.map((length) => overlongPenalty(length, { maxTokens: 20480, cache: 4096 }) + 0)).toEqual([
      0, 0, -0.25, -0.5, -1, -1,
    ])
  })
})

describe('withOverlongPenalty', () => {
  it('punishes long completions as DAPO does', async () => {
    const penalised = withOverlongPenalty(reward, { maxTokens: 4, cache: 2 })
    const outcomes = await penalised.score(task, [1, 2, 3, 4, 9].map(sampleOfLength))
    expect(outcomes.map((outcome) => outcome.kind === 'scored' && outcome.reward)).toEqual([1, 1, 0.5, 0, 0])
    expect([penalised.name, penalised.gives]).toEqual(['right, overlong punished', ['proxy']])
  })

  it('counts chosen tokens, and leaves what has no score without one', async () => {
    const penalised = withOverlongPenalty(reward, { maxTokens: 4, cache: 2 })
    const episode = { ...sampleOfLength(3), tokens: [1, 2, 3, 4, 5, 6], mask: Uint8Array.of(0, 0, 1, 0, 1, 1) }
    expect(await penalised.score(task, [episode, sampleOf('?')])).toEqual([
      { kind: 'scored', reward: 0.5, answer: 'a' },
      { kind: 'unscored', reason: 'no answer' },
    ])
  })

  it('refuses a slope that is wider than what is allowed', () => {
    expect(() => withOverlongPenalty(reward, { maxTokens: 4, cache: 5 })).toThrow(
      'cache must be an integer from 1 to 4, but is 5',
    )
    expect(() => withOverlongPenalty(reward, { maxTokens: 0, cache: 1 })).toThrow(
      'maxTokens must be an integer of at least 1',
    )
  })
})
