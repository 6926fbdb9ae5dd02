import type { RewardFunction, Task } from '@posttrain/core'
import { TabularPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { collectReferenceRewards } from '../../src/best-of-n/collect-reference-rewards.js'
import { parseReferenceRewards, type TaskRewards } from '../../src/best-of-n/reference-rewards.js'

const reference = new TabularPolicy({ prompts: ['x', 'y'], words: ['a', 'b', 'c'] })
const reward: RewardFunction = {
  name: 'letter',
  score: async (_, samples) =>
    samples.map(({ text }) =>
      text === 'c' ? { kind: 'unscored', reason: 'no c' } : { kind: 'scored', reward: text === 'b' ? 1 : 0 },
    ),
}
const tasks: Task[] = ['1', '2', '3'].map((id) => ({ id, prompt: id === '2' ? 'y' : 'x' }))
const options = { reference, tasks, reward, count: 40, seed: 5 }

describe('collectReferenceRewards', () => {
  it('has sorted rewards of all tasks, counts what had no score, and survives JSON', async () => {
    const cache = await collectReferenceRewards(options)
    expect(cache.tasks.map(({ task }) => task)).toEqual(['1', '2', '3'])
    for (const { rewards, unscored } of cache.tasks) {
      expect(rewards.length + unscored).toBe(40)
      expect(unscored).toBeGreaterThan(4)
      expect(rewards).toEqual([...rewards].sort())
      expect(new Set(rewards)).toEqual(new Set([0, 1]))
    }
    expect(parseReferenceRewards(JSON.parse(JSON.stringify(cache)))).toEqual(cache)
  })

  it('continues where it was stopped: finished tasks are kept and not drawn again', async () => {
    const whole = await collectReferenceRewards(options)
    const kept: TaskRewards[] = []
    let stopped = false
    const signal = { get aborted() { return stopped }, addEventListener: () => undefined, removeEventListener: () => undefined } // prettier-ignore
    const onTask = (rewards: TaskRewards): void => {
      kept.push(rewards)
      stopped = kept.length === 2
    }
    await expect(collectReferenceRewards({ ...options, signal, onTask })).rejects.toMatchObject({ code: 'aborted' })
    expect(kept).toHaveLength(2)

    const known = { reward: 'letter', count: 40, seed: 5, tasks: kept }
    const drawn: string[] = []
    const resumed = await collectReferenceRewards({ ...options, known, onTask: ({ task }) => drawn.push(task) })
    expect(resumed).toEqual(whole)
    expect(drawn).toEqual(['3'])
    await expect(collectReferenceRewards({ ...options, known, seed: 6 })).rejects.toThrow(
      'known was collected with seed 5, not 6',
    )
  })

  it('refuses two tasks of one id', async () => {
    await expect(collectReferenceRewards({ ...options, tasks: [...tasks, tasks[0]!] })).rejects.toThrow('the same id')
  })
})

describe('parseReferenceRewards', () => {
  const good = { reward: 'r', count: 2, seed: 0, tasks: [{ task: 'a', rewards: [0, 1], unscored: 0 }] }
  it.each([
    [null, 'reference rewards must be an object'],
    [{ ...good, reward: 1 }, 'reward must be the name'],
    [{ ...good, count: 0 }, 'count must be an integer of at least 1, but is 0'],
    [{ ...good, tasks: [{ task: 'a', rewards: [1, 0], unscored: 0 }] }, 'rewards[1] is lower than the one before'],
    [{ ...good, tasks: [{ task: 'a', rewards: [null], unscored: 0 }] }, 'tasks[0].rewards[0] must be a finite number'],
    [{ ...good, tasks: [{ task: 'a', rewards: [], unscored: -1 }] }, 'tasks[0].unscored must be an integer'],
  ])('refuses %j', (json, message) => {
    expect(() => parseReferenceRewards(json)).toThrow(message)
  })
})
