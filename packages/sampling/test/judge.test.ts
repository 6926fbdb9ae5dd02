import type { Outcome, RewardFunction, Sample, Task } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { judge } from '@posttrain/sampling'
import { exactMatch, manualSignal, numeric, sampleOf, task } from './support/scripted-sampler.js'

const failed: Sample = { ...sampleOf('t', 2, ''), finish: 'failed', failure: '503' }
const samples = [sampleOf('t', 0, 'A'), sampleOf('t', 1, '7'), failed]

/** A reward that counts what it was asked. */
function counting(reward: RewardFunction): RewardFunction & { asked: { task: Task; texts: string[] }[] } {
  const asked: { task: Task; texts: string[] }[] = []
  return {
    ...reward,
    asked,
    score: (of, group, options) => {
      asked.push({ task: of, texts: group.map(({ text }) => text) })
      return reward.score(of, group, options)
    },
  }
}

describe('judge', () => {
  it('keeps the answers of the reward where the procedure reads none', async () => {
    const { outcomes } = await judge(task('t'), samples, exactMatch)
    expect(outcomes).toEqual([
      { kind: 'scored', reward: 1, answer: 'A' },
      { kind: 'scored', reward: 0, answer: '7' },
      { kind: 'unscored', reason: '503' },
    ])
  })

  it('reads answers and asks what chooses, both without the reference, and never of failed samples', async () => {
    const read: unknown[] = []
    const by = counting(numeric)
    const { outcomes } = await judge(task('t'), samples, exactMatch, {
      answerOf: (sample, of) => {
        read.push([sample.index, 'reference' in of])
        return sample.text === 'A' ? 'first letter' : undefined
      },
      by,
    })
    expect(read).toEqual([
      [0, false],
      [1, false],
    ])
    expect(by.asked.map((one) => ['reference' in one.task, one.texts])).toEqual([[false, ['A', '7']]])
    expect(outcomes).toEqual([
      { kind: 'scored', reward: 1, answer: 'first letter', parts: { numeric: null } },
      { kind: 'scored', reward: 0, parts: { numeric: 7 } },
      { kind: 'unscored', reason: '503', parts: { numeric: null } },
    ])
  })

  it('asks a reward that also chooses once, and twice where the task has a reference that choosing must not see', async () => {
    const reward = counting(numeric)
    const bare = { id: 't', prompt: '' }
    expect((await judge(bare, samples, reward, { by: reward })).outcomes[1]).toEqual({
      kind: 'scored',
      reward: 7,
      parts: { numeric: 7 },
    })
    expect(reward.asked).toHaveLength(1)
    await judge(task('t'), samples, reward, { by: reward })
    expect(reward.asked.slice(1).map((one) => one.task.reference)).toEqual(['A', undefined])
  })

  it('adds up what both judgements cost', async () => {
    const usage = { promptTokens: 5, completionTokens: 1, cost: 2 }
    const costly = (name: string): RewardFunction => ({
      name,
      score: async (_, group) => group.map(() => ({ kind: 'scored', reward: 0, usage })),
    })
    const { outcomes } = await judge(task('t'), samples, costly('gold'), { by: costly('proxy') })
    expect(outcomes[0]!.usage).toEqual({ promptTokens: 10, completionTokens: 2, cost: 4 })
    expect(outcomes[2]!.usage).toBeUndefined()
  })

  it.each<[string, unknown, string]>([
    ['too few', [{ kind: 'scored', reward: 1 }], 'the reward bad gave 1 outcomes for 2 samples of task t'],
    ['no list', undefined, 'the reward bad gave undefined for 2 samples of task t'],
    ['NaN', [{ kind: 'scored', reward: NaN }, {}], 'the reward bad gave sample 0 of task t the reward NaN'],
    ['a text', [{ kind: 'scored', reward: '1' }, {}], 'the reward bad gave sample 0 of task t the reward "1"'],
    ['null', [{ kind: 'scored', reward: 1 }, null], 'the reward bad gave sample 1 of task t null as its outcome'],
    ['no reason', [{ kind: 'unscored' }, {}], 'gave sample 0 of task t no reason for being unscored'],
    ['another kind', [{ kind: 'maybe' }, {}], 'gave sample 0 of task t an outcome of kind "maybe"'],
    ['an answer that is none', [{ kind: 'scored', reward: 1, answer: 4 }, {}], 'an answer that is no text (4)'],
  ])('refuses %s, naming the reward, the task and the sample', async (_, given, message) => {
    const bad: RewardFunction = { name: 'bad', score: async () => given as Outcome[] }
    const judging = judge(task('t'), samples, bad)
    await expect(judging).rejects.toThrow(message)
    await expect(judging).rejects.toMatchObject({ code: 'invalid-data' })
    await expect(judge(task('t'), samples, exactMatch, { by: bad })).rejects.toThrow(message)
  })

  it('names whoever threw', async () => {
    const broken: RewardFunction = { name: 'broken', score: () => Promise.reject(new Error('no GPU')) }
    await expect(judge(task('t'), samples, broken)).rejects.toThrow('the reward broken failed on task t: no GPU')
    const answerOf = (): string => {
      throw new Error('regex')
    }
    await expect(judge(task('t'), samples, exactMatch, { answerOf })).rejects.toThrow(
      'answerOf failed on sample 0 of task t: regex',
    )
    const numbers = { answerOf: () => 4 as unknown as string }
    await expect(judge(task('t'), samples, exactMatch, numbers)).rejects.toThrow('answerOf of sample 0 of task t is 4')
  })

  it('ends at the signal where a reward hangs', async () => {
    const signal = manualSignal()
    const hanging: RewardFunction = { name: 'hanging', score: () => new Promise(() => {}) }
    setTimeout(() => signal.abort(), 5)
    await expect(judge(task('t'), samples, hanging, {}, { signal })).rejects.toMatchObject({ code: 'aborted' })
  })
})
