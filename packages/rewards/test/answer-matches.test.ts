import { describe, expect, it } from 'vitest'
import { answerMatches } from '@posttrain/rewards'
import { bestOf } from '@posttrain/sampling'
import { sampleOf } from './sample.js'

const task = { id: 't', prompt: '6 · 7 = ', reference: '42' }

describe('answerMatches', () => {
  it('compares the text without the spaces around it', async () => {
    const outcomes = await answerMatches().score(task, [' 42\n', '43', ''].map(sampleOf))
    expect(outcomes).toEqual([
      { kind: 'scored', reward: 1, answer: '42' },
      { kind: 'scored', reward: 0, answer: '43' },
      { kind: 'scored', reward: 0, answer: '' },
    ])
  })

  it('reads the answer and compares it as told; no answer gets 0 and casts no vote', async () => {
    const reward = answerMatches({
      answerOf: (text) => /answer: (\S+)/.exec(text)?.[1],
      equal: (answer, reference) => Number(answer) === Number(reference),
      name: 'numeric',
    })
    expect(reward.name).toBe('numeric')
    expect(await reward.score(task, ['answer: 42.0', 'answer: x', '42'].map(sampleOf))).toEqual([
      { kind: 'scored', reward: 1, answer: '42.0' },
      { kind: 'scored', reward: 0, answer: 'x' },
      { kind: 'scored', reward: 0 },
    ])
  })

  it('refuses a task without a reference, and so a procedure that would choose by it', async () => {
    const { reference: _, ...open } = task
    await expect(answerMatches().score(open, [sampleOf('42')])).rejects.toMatchObject({
      code: 'invalid-data',
      message: 'task t has no reference for answer-matches to compare with',
    })
    const sampler = {
      name: 'fixed',
      async *sample() {
        for (const index of [0, 1]) yield sampleOf('42', index)
      },
    }
    await expect(bestOf({ n: 2, by: answerMatches() }).run(sampler, task)).rejects.toThrow('has no reference')
  })

  it('refuses an option that is no function, and an answer that is no text', async () => {
    expect(() => answerMatches({ equal: 'same' as never })).toThrow('equal must be a function, but is same')
    const broken = answerMatches({ answerOf: () => 42 as never })
    await expect(broken.score(task, [sampleOf('42')])).rejects.toThrow('answerOf of answer-matches gave 42 for task t')
  })
})
