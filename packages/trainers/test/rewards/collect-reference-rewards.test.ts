import type { RewardFunction, Sampler, Task } from '@posttrain/core'
import { TabularPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { collectReferenceRewards } from '../../src/rewards/collect-reference-rewards.js'
import { parseReferenceRewards, type ReferenceRewards } from '../../src/rewards/reference-rewards.js'

type TaskRewards = ReferenceRewards['tasks'][number]

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
    const collected = await collectReferenceRewards(options)
    expect(collected.tasks.map(({ task }) => task)).toEqual(['1', '2', '3'])
    for (const { rewards, unscored } of collected.tasks) {
      expect(rewards.length + unscored).toBe(40)
      expect(unscored).toBeGreaterThan(4)
      expect(rewards).toEqual([...rewards].sort())
      expect(new Set(rewards)).toEqual(new Set([0, 1]))
    }
    expect(parseReferenceRewards(JSON.parse(JSON.stringify(collected)))).toEqual(collected)
  })

  it('names onTask and the task where it throws', async () => {
    const onTask = (): never => {
      throw new Error('no space')
    }
    await expect(collectReferenceRewards({ ...options, onTask })).rejects.toMatchObject({
      code: 'invalid-data',
      message: expect.stringMatching(/^onTask failed on task \d: no space$/) as string,
    })
  })

  it('continues where it was stopped: finished tasks are kept and not drawn again', async () => {
    const whole = await collectReferenceRewards(options)
    const kept: TaskRewards[] = []
    let stopped = false
    const signal = {
      get aborted() {
        return stopped
      },
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    }
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

  it('draws a task with failed samples again when it goes on', async () => {
    let lost = true
    const sampler: Sampler = {
      async *sample(requests, given) {
        for await (const sample of options.reference.sample(requests, given)) {
          const isLost = lost && sample.taskId === '2' && sample.index < 3
          yield isLost ? { ...sample, finish: 'failed' as const, failure: '503' } : sample
        }
      },
    }
    const first = await collectReferenceRewards({ ...options, reference: sampler })
    expect(first.tasks.map(({ failed }) => failed)).toEqual([0, 3, 0])
    const { rewards, unscored } = first.tasks[1]!
    expect(rewards.length + unscored).toBe(37)
    lost = false
    const again: string[] = []
    const onTask = ({ task }: TaskRewards): unknown => again.push(task)
    expect(await collectReferenceRewards({ ...options, reference: sampler, known: first, onTask })).toEqual(
      await collectReferenceRewards(options),
    )
    expect(again).toEqual(['2'])
  })

  it('refuses two tasks of one id', async () => {
    await expect(collectReferenceRewards({ ...options, tasks: [...tasks, tasks[0]!] })).rejects.toThrow(
      'two tasks have the id 1',
    )
  })
})
