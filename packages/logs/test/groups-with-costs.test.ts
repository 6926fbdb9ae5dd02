import { describe, expect, it } from 'vitest'
import { groupsWithCosts, readLog, type CostFields, type TaskLog } from '@posttrain/logs'

const ROWS = [
  { task_id: 'a', reward: 1, usage: { in: 10, out: 100 }, money: 0.5, ms: 2 },
  { task_id: 'b', reward: 0, usage: { in: 20, out: 50 }, money: 0.25, ms: 4 },
  { task_id: 'a', reward: 0, usage: { in: 10, out: 300 }, money: 0.75, ms: 8 },
]
const FIELDS = ['usage.in', 'usage.out', 'money', 'ms']
const read = (rows: readonly object[] = ROWS): Promise<TaskLog> =>
  readLog({ lines: rows.map((row) => JSON.stringify(row)) }, { fields: { cost: FIELDS }, keepCosts: true })
const all: CostFields = { promptTokens: 'usage.in', completionTokens: 'usage.out', money: 'money', seconds: 'ms' }

describe('groupsWithCosts', () => {
  it('gives each sample what it cost, and copies of it, too', async () => {
    const { groups, secondsOf } = groupsWithCosts(await read(), all)
    expect(groups.map(({ task, samples }) => [task.id, ...samples.map(({ usage }) => usage)])).toEqual([
      [
        'a',
        { promptTokens: 10, completionTokens: 100, cost: 0.5 },
        { promptTokens: 10, completionTokens: 300, cost: 0.75 },
      ],
      ['b', { promptTokens: 20, completionTokens: 50, cost: 0.25 }],
    ])
    const samples = groups.flatMap((group) => group.samples)
    expect(samples.map((sample) => secondsOf({ ...sample, id: 'copy' }))).toEqual([2, 8, 4])
  })

  it('prices tokens where no field says the money', async () => {
    const prices = { prompt: 1_000_000, completion: 2_000_000 }
    const { groups, secondsOf } = groupsWithCosts(await read(), {
      ...all,
      money: undefined,
      seconds: undefined,
      prices,
    })
    const samples = groups.flatMap((group) => group.samples)
    expect(samples.map(({ usage }) => usage.cost)).toEqual([210, 610, 120])
    expect(samples.map(secondsOf)).toEqual([undefined, undefined, undefined])
    const { groups: own } = groupsWithCosts(await read(), { ...all, prices })
    expect(own[0]!.samples[0]!.usage.cost).toBe(0.5)
  })

  it('leaves money unknown where nothing says it', async () => {
    const { groups } = groupsWithCosts(await read(), { completionTokens: 'usage.out' })
    expect(groups[0]!.samples[0]!.usage).toEqual({ promptTokens: 0, completionTokens: 100, cost: undefined })
  })

  it('names the sample that lacks a cost, and a field that was not read', async () => {
    const { money: _, ...without } = ROWS[2]!
    await expect(read([...ROWS.slice(0, 2), without]).then((log) => groupsWithCosts(log, all))).rejects.toThrow(
      'sample 1 of task "a" has no money',
    )
    const log = await read()
    expect(() => groupsWithCosts(log, { seconds: 'latency' })).toThrow('without the costs latency')
  })
})
