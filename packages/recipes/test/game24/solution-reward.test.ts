import { describe, expect, it } from 'vitest'
import { game24SolutionReward } from '@posttrain/recipes'
import { samplesOf } from '../samples.js'

const texts = [
  'Answer: (13 - 9) * (10 - 4) = 24',
  '13 - 9 4 10 4 | 10 - 4 4 6 | 6 * 4 24 .',
  '13 - 9 = 4\n10 - 4 = 6\n4 * 6 = 24',
  'I give up',
]

describe('game24SolutionReward', () => {
  it.each([
    { id: 'a', prompt: 'anything', reference: '4 9 10 13' },
    { id: 'a', prompt: 'anything', reference: '13, 4, 10, 9' },
    { id: 'a', prompt: '24 : 4 9 10 13' },
  ])('judges expressions and traces alike, with one key for one solution', async (task) => {
    expect(await game24SolutionReward().score(task, samplesOf(texts))).toEqual([
      { kind: 'scored', reward: 1, answer: '(10 - 4) * (13 - 9)' },
      { kind: 'scored', reward: 1, answer: '(10 - 4) * (13 - 9)' },
      { kind: 'scored', reward: 0, answer: '4 * 6' },
      { kind: 'scored', reward: 0 },
    ])
  })

  it('takes another target', async () => {
    const task = { id: 'a', prompt: '', reference: '10 : 1 2 3 4' }
    expect(await game24SolutionReward().score(task, samplesOf(['1 + 2 + 3 + 4']))).toMatchObject([{ reward: 1 }])
  })

  it('refuses a task that is no puzzle', async () => {
    const score = (reference: string): Promise<unknown> =>
      game24SolutionReward().score({ id: 'a', prompt: '', reference }, samplesOf(['1']))
    await expect(score('seven')).rejects.toThrow('"seven" of task "a" is no puzzle')
    await expect(score('7')).rejects.toThrow('"7" of task "a" is no puzzle')
    await expect(score('24 : a')).rejects.toThrow('"24 : a" is not a puzzle')
  })
})
