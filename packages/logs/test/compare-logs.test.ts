import { meanObjective } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import { compareLogs } from '../src/compare-logs.js'
import { compareUnpairedLogs } from '../src/compare-unpaired.js'
import { logOf, samplesOf } from './in-memory.js'

const counted = (counts: Record<string, [n: number, c: number]>): ReturnType<typeof logOf> =>
  logOf(Object.entries(counts).map(([task_id, [n, c]]) => ({ task_id, n, c })))
const compare = (a: ReturnType<typeof logOf>, b: ReturnType<typeof logOf>, objective: string, dropShort = false) =>
  compareLogs(a, b, { objective, dropShort })

describe('compareLogs', () => {
  it('pairs tasks by id, in whatever order, and leaves out what only one log has', () => {
    const a = counted({ p: [4, 2], q: [4, 0], r: [4, 1], onlyA: [4, 4] })
    const b = counted({ r: [2, 2], x: [1, 1], q: [2, 1], p: [2, 1], y: [1, 1] })
    const { difference, mcnemar, tasks, onlyInA, onlyInB, leftOut, a: before, b: after } = compare(a, b, 'pass@1')
    const expected = [
      { id: 'p', a: 0.5, b: 0.5 },
      { id: 'q', a: 0, b: 0.5 },
      { id: 'r', a: 0.25, b: 1 },
    ]
    expect([...tasks]).toEqual(expected)
    expect([...tasks]).toEqual(expected) // as often as it is asked for
    expect(before.value).toBe(0.25)
    expect(after.value).toBeCloseTo(2 / 3, 15)
    expect(difference.difference).toBeCloseTo(5 / 12, 15)
    // Differences 0, ½, ¾: of the four signs of two, two are as extreme.
    expect(difference.pValue).toBe(0.5)
    expect(difference.tasks).toBe(3)
    expect(mcnemar).toBeUndefined()
    expect({ onlyInA, onlyInB, leftOut }).toEqual({ onlyInA: ['onlyA'], onlyInB: ['x', 'y'], leftOut: [] })
  })

  it("adds McNemar's exact test where every task has one verdict on each side", () => {
    const verdicts = (text: string): ReturnType<typeof logOf> =>
      counted(Object.fromEntries([...text].map((c, i) => [`t${i}`, [1, Number(c)]])))
    const { mcnemar, difference } = compare(verdicts('00000011'), verdicts('11111101'), 'pass@1')
    // Six wins and one loss: (1 + 7) / 2⁷ on each side, and the sign-flip test counts the same signs.
    expect(mcnemar).toEqual({ onlyA: 1, onlyB: 6, pValue: 0.125 })
    expect(difference.pValue).toBe(0.125)
    expect(compare(verdicts('01'), verdicts('01'), 'pass^1').mcnemar).toBeUndefined()
  })

  it('takes any objective, names it as it was asked for, and counts unscored samples on each side', () => {
    const samples = (rewards: (number | null)[][]): ReturnType<typeof logOf> =>
      logOf(rewards.map((own, i) => ({ task_id: i, rewards: own })))
    const a = samples([
      [0.5, null],
      [0.25, 0.25],
    ])
    const b = samples([
      [1, 0],
      [0.5, 1],
    ])
    const { a: before, b: after, difference } = compareLogs(a, b, { objective: 'max@2' })
    expect(before).toMatchObject({ name: 'max@2', value: 0.375, unscored: 1, unscoredPolicy: 'count-as-failure' })
    expect(after).toMatchObject({ name: 'max@2', value: 1, unscored: 0 })
    expect(difference.difference).toBe(0.625)
    const own = compareLogs(a, b, { objective: meanObjective(), unscored: 'exclude' })
    expect([own.a.name, own.a.value, own.b.value]).toEqual(['mean', 0.375, 0.625])
    expect(() => compareLogs(a, b, { objective: 'mean', unscored: 'throw' })).toThrow('log.jsonl, line 1: a sample has')
  })

  it('refuses fewer than two common tasks, other references, and common tasks with too few samples', () => {
    const a = counted({ p: [4, 2], q: [4, 0], r: [2, 1] })
    expect(() => compare(a, counted({ p: [4, 2], z: [4, 2] }), 'pass@1')).toThrow('A and B have 1 tasks in common')
    const other = (reference: string): ReturnType<typeof logOf> =>
      logOf(['p', 'q'].map((task_id) => ({ task_id, n: 1, c: 1, reference })))
    expect(() => compare(other('4'), other('5'), 'pass@1')).toThrow('task "p" has the reference "4" in A and "5" in B')
    const b = counted({ p: [4, 2], q: [3, 0], r: [4, 1], s: [1, 1] })
    expect(() => compare(a, b, 'pass@3')).toThrow(
      'pass@3 needs 3 samples per task, but 1 of 3 tasks have fewer: "r" (2)',
    )
    const dropped = compare(a, b, 'pass@3', true)
    expect(dropped.difference.tasks).toBe(2)
    expect(dropped.leftOut).toEqual(['r'])
  })

  it('says of which log an error is, and what the option is called', () => {
    const partly = logOf([...samplesOf('p', [0.5]), ...samplesOf('q', [1])])
    const whole = logOf([...samplesOf('p', [1]), ...samplesOf('q', [1])])
    for (const both of [compareLogs, compareUnpairedLogs]) {
      const options = { objective: 'pass@1', optionNames: { threshold: '--threshold' } }
      expect(() => both(whole, partly, options)).toThrow(
        expect.objectContaining({
          message: 'B: pass@1 cannot be estimated for task "p": it has the reward 0.5, which is neither 0 nor 1',
          hint: expect.stringContaining('with --threshold') as string,
        }),
      )
    }
  })
})
