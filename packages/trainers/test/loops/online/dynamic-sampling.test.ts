import type { RewardFunction } from '@posttrain/core'
import { TabularPolicy } from '@posttrain/models'
import { dapo } from '@posttrain/trainers'
import { describe, expect, it } from 'vitest'
import { stepsOf } from '../../support/online.js'

const prompts = ['x', 'y', 'z', 'w']
/** Completions of one to six tokens, so that the penalty, from 4/5 of six tokens on, is of some of them. */
const newPolicy = (): TabularPolicy => new TabularPolicy({ prompts, words: ['a', '.'], length: 6, end: '.' })
const reward = (rightIn: (id: string, index: number) => boolean): RewardFunction => ({
  name: 'right',
  score: async ({ id }, samples) =>
    samples.map(({ index }) => ({ kind: 'scored', reward: rightIn(id, index) ? 1 : 0 })),
})
const stepOf = async (rightIn: (id: string, index: number) => boolean, promptsPerStep = 1) => {
  const [step] = await stepsOf({
    policy: newPolicy(),
    tasks: prompts.map((prompt) => ({ id: prompt, prompt })),
    reward: reward(rightIn),
    algorithm: dapo({ maxTokens: 6 }),
    promptsPerStep,
    samplesPerPrompt: 64,
    steps: 1,
    seed: 2,
  })
  return step!
}

describe('dynamic sampling', () => {
  it.each([
    ['right', true],
    ['wrong', false],
  ])('draws anew in place of a prompt whose answers are all %s, whatever their lengths', async (_, isRight) => {
    const step = await stepOf(() => isRight)
    const [group] = step.groups
    const rewards = new Set(group!.outcomes.map((outcome) => outcome.reward))
    expect(rewards).toEqual(new Set(isRight ? [1, 0] : [0, -1])) // the longest are punished: no two rewards need agree
    // Drawn once, and four times anew in vain.
    expect(step.constantGroups).toBe(5)
  })

  it('keeps a prompt with right and wrong answers, and takes it rather than one that says nothing', async () => {
    const step = await stepOf((id, index) => id !== 'z' || index % 2 === 0, 4)
    expect(step.groups.map(({ task }) => task.id)[0]).toBe('z')
    expect(step.constantGroups).toBeGreaterThanOrEqual(3)
    const mixed = await stepOf((_, index) => index % 2 === 0)
    expect([mixed.constantGroups, mixed.groups.length]).toEqual([0, 1])
    expect(mixed.gradientNorm).toBeGreaterThan(0.01)
  })
})
