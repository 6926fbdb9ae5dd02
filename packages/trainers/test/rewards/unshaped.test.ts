import type { RewardFunction } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { withOverlongPenalty } from '../../src/rewards/overlong-penalty.js'
import { transformReward } from '../../src/rewards/transform-reward.js'
import { shaped, unshaped } from '../../src/rewards/unshaped.js'
import { sampleOf } from '../support/reference-rewards.js'

const task = { id: 't', prompt: 't' }
const raw: RewardFunction = {
  name: 'raw',
  score: async (_, samples) =>
    samples.map(({ text }) =>
      text === '?'
        ? { kind: 'unscored', reason: 'timeout' }
        : { kind: 'scored', reward: Number(text), parts: { judge: 2 } },
    ),
}

describe('shaped', () => {
  it.each([
    ['a transform', (reward: RewardFunction) => transformReward(reward, 'doubled', () => (r) => 2 * r), [6, -2]],
    ['a penalty', (reward: RewardFunction) => withOverlongPenalty(reward, { maxTokens: 1, cache: 1 }), [2, -2]],
  ] as const)('keeps the reward of the task beside what %s makes of it', async (_, shape, rewards) => {
    const outcomes = await shaped(raw, shape).score(task, ['3', '-1', '?'].map(sampleOf))
    const scored = outcomes.flatMap((outcome) => (outcome.kind === 'scored' ? [outcome] : []))
    expect(scored.map(({ reward }) => reward)).toEqual(rewards)
    expect(scored.map(unshaped)).toEqual([3, -1])
    expect(scored[0]!.parts).toMatchObject({ judge: 2 })
    expect(outcomes[2]).toEqual({ kind: 'unscored', reason: 'timeout' })
    expect(unshaped({ kind: 'scored', reward: 5 })).toBe(5)
  })
})
