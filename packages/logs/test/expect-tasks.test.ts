import { describe, expect, it } from 'vitest'
import { compareLogs } from '../src/compare-logs.js'
import { evaluateLog, type EvaluateLogOptions } from '../src/evaluate-log.js'
import { expectTasks, readTasks, type ExpectedTasks } from '../src/expect-tasks.js'
import { readLog } from '../src/read-log.js'
import type { TaskLog } from '../src/task-log.js'
import { logOf, samplesOf } from './in-memory.js'

const value = (log: TaskLog, objective: string, rules: EvaluateLogOptions = {}): number =>
  evaluateLog(log, { ...rules, objectives: [objective] }).measured[0]!.estimate.value
const whole = (log: TaskLog, expected: ExpectedTasks): TaskLog => expectTasks([log], expected)[0]!
const tasks = (...ids: string[]): { id: string }[] => ids.map((id) => ({ id }))

describe('tasks that are expected and absent', () => {
  const log = logOf([...samplesOf('a', [1, 1]), ...samplesOf('b', [1, 0])])

  it('are failures with the samples of the others, by number or by id', () => {
    for (const expected of [4, tasks('b', 'x', 'a', 'y')]) {
      const { size, totals } = whole(log, expected)
      expect([size, totals.absent, totals.samples, totals.unscored]).toEqual([4, 2, 4, 0])
      expect(value(whole(log, expected), 'pass@1')).toBe(1.5 / 4)
      expect(value(whole(log, expected), 'pass@2')).toBe(2 / 4)
    }
    expect(whole(log, 2).totals.absent).toBe(0)
    expect(value(whole(log, tasks('a', 'b')), 'pass@1')).toBe(value(log, 'pass@1'))
  })

  it('are refused or left out where unscored samples are', () => {
    expect(() => value(whole(log, 3), 'pass@1', { unscored: 'exclude' })).toThrow(
      '1 of 3 tasks have fewer: "absent task 1" (0)',
    )
    expect(value(whole(log, 3), 'pass@1', { unscored: 'exclude', dropShort: true })).toBe(0.75)
    expect(() => value(whole(log, 3), 'pass@1', { unscored: 'throw' })).toThrow(
      expect.objectContaining({ code: 'unscored' }),
    )
  })

  it('count in votes, choices, counts and tries until a success', () => {
    const voted = logOf(
      ['a', 'b'].map((task_id) => ({ task_id, rewards: [1, 1], answers: ['x', 'x'], proxies: [1, 2] })),
    )
    expect(value(whole(voted, 4), 'maj@2')).toBe(0.5)
    expect(value(whole(voted, 4), 'best-of-2')).toBe(0.5)
    const counted = logOf([{ task_id: 'a', n: 1e9, c: 1e9 }])
    expect(value(whole(counted, 4), 'pass@1')).toBe(0.25)
    const tries = logOf([...samplesOf('a', [1]), ...samplesOf('b', [0, 1]), ...samplesOf('c', [0, 0, 0])])
    expect(value(whole(tries, 6), 'pass@2')).toBeCloseTo(2 / 6, 15)
  })

  it('count on both sides of a comparison', () => {
    const ten = (solved: number, all: number): TaskLog =>
      logOf(Array.from({ length: all }, (_, task_id) => ({ task_id, passed: task_id < solved })))
    const compared = (a: TaskLog, b: TaskLog, expected: ExpectedTasks): readonly number[] => {
      const [left, right] = expectTasks([a, b], expected) as [TaskLog, TaskLog]
      const { difference } = compareLogs(left, right, { objective: 'pass@1' })
      return [difference.difference, difference.tasks]
    }
    expect(compared(ten(5, 10), ten(5, 5), 10)).toEqual([0, 10]) // B lacks what A fails
    expect(compared(ten(8, 10), ten(4, 5), 10)[0]).toBeCloseTo(-0.4, 15) // B lacks what A solves
    expect(compared(ten(5, 10), ten(5, 5), 20)).toEqual([0, 20])
  })

  it('that no log can have are named', () => {
    expect(() => whole(log, 1)).toThrow('1 tasks are expected, but there are 2')
    expect(() => whole(log, tasks('a', 'c'))).toThrow('the log has 1 tasks that are not expected, the first "b"')
  })
})

describe('readTasks', () => {
  const file = { lines: ['{"id":1,"level":"easy"}', '{"id":2,"level":"hard"}', '{"id":2,"level":"hard"}'] }

  it('reads ids and what is asked of them, so that absent tasks have it too', async () => {
    const rules = { fields: { id: 'id', tag: 'level', score: 'ok' } }
    const expected = await readTasks(file, rules)
    expect(expected).toEqual([
      { id: '1', tag: 'easy' },
      { id: '2', tag: 'hard' },
    ])
    const log = await readLog({ lines: ['{"id":1,"level":"easy","ok":true}'] }, rules)
    const { tags, overTags } = evaluateLog(whole(log, expected), { objectives: ['pass@1'] })
    expect(tags.map((one) => [one.tag, one.measured[0]!.estimate.value])).toEqual([
      ['easy', 1],
      ['hard', 0],
    ])
    expect(overTags[0]!.estimate.value).toBe(0.5)
    expect(() => value(whole(log, 3), 'pass@1')).toThrow('of some absent tasks the cluster, tag or weight is unknown')
  })

  it('refuses a file without rows', async () => {
    await expect(readTasks({ lines: [''] })).rejects.toThrow('lines is empty')
  })
})
