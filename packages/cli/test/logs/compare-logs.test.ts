import { describe, expect, it } from 'vitest'
import { compareLogs } from '../../src/logs/compare-logs.js'
import { parseMetric } from '../../src/logs/metric.js'
import { DEFAULTS, logOf } from './in-memory.js'

const counted = (counts: Record<string, [n: number, c: number]>): ReturnType<typeof logOf> =>
  logOf(Object.entries(counts).map(([task_id, [n, c]]) => ({ task_id, n, c })))
const compare = (a: ReturnType<typeof logOf>, b: ReturnType<typeof logOf>, metric: string, dropShort = false) =>
  compareLogs(a, b, parseMetric(metric), { ...DEFAULTS, dropShort })

describe('compareLogs', () => {
  it('pairs tasks by id, in whatever order, and leaves out what only one log has', () => {
    const a = counted({ p: [4, 2], q: [4, 0], r: [4, 1], onlyA: [4, 4] })
    const b = counted({ r: [2, 2], x: [1, 1], q: [2, 1], p: [2, 1], y: [1, 1] })
    const { difference, mcnemar, notes, a: before, b: after } = compare(a, b, 'pass@1')
    expect(before.value).toBe(0.25)
    expect(after.value).toBeCloseTo(2 / 3, 15)
    expect(difference.difference).toBeCloseTo(5 / 12, 15)
    // Differences 0, ½, ¾: of the four signs of two, two are as extreme.
    expect(difference.pValue).toBe(0.5)
    expect(difference.tasks).toBe(3)
    expect(mcnemar).toBeUndefined()
    expect(notes).toEqual([
      '1 tasks are only in A and are left out, the first "onlyA"',
      '2 tasks are only in B and are left out, the first "x"',
    ])
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
    expect(dropped.notes).toContain('1 common tasks have fewer than 3 samples and are left out')
  })
})
