import { describe, expect, it } from 'vitest'
import { compareLogs } from '../src/compare-logs.js'
import { compareManyLogs } from '../src/compare-many-logs.js'
import { logOf } from './in-memory.js'

const verdicts = (text: string) => logOf([...text].map((c, i) => ({ task_id: `t${i}`, n: 1, c: Number(c) })))

describe('compareManyLogs', () => {
  const logs = [verdicts('0000000000'), verdicts('0000000011'), verdicts('1111111100')]

  it('compares every pair, with p-values of all of them together', () => {
    const { estimates, pairs } = compareManyLogs(logs, ['A', 'B', 'C'], { objective: 'pass@1' })
    expect(estimates.map(({ value }) => value)).toEqual([0, 0.2, 0.8])
    expect(pairs.map(({ a, b }) => [a, b])).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ])
    // Alone: 2 of 2 wins, 8 of 8, 8 of 10: ½, 2⁻⁷, 7/64. Holm: the smallest thrice, the next twice, the last as it is.
    const expected = [0.5, 3 / 128, 14 / 64]
    pairs.forEach(({ difference }, i) => expect(difference.pValue).toBeCloseTo(expected[i]!, 14))
    expect([...pairs[2]!.tasks].slice(7, 9)).toEqual([
      { id: 't7', a: 0, b: 1 },
      { id: 't8', a: 1, b: 0 },
    ])
    expect(pairs.map(({ difference }) => difference.verdict)).toEqual(['undecided', 'better', 'undecided'])
  })

  it('is compareLogs for two', () => {
    const { estimates, pairs } = compareManyLogs(logs.slice(0, 2), ['A', 'B'], { objective: 'pass@1' })
    const two = compareLogs(logs[0]!, logs[1]!, { objective: 'pass@1' })
    expect([...estimates, pairs[0]!.difference]).toEqual([two.a, two.b, two.difference])
  })

  it('compares on the tasks that all have, and refuses one log', () => {
    const { estimates, alone } = compareManyLogs([...logs, verdicts('111')], ['A', 'B', 'C', 'D'], {
      objective: 'pass@1',
    })
    expect(estimates.map(({ tasks }) => tasks)).toEqual([3, 3, 3, 3])
    expect(alone.map(({ length }) => length)).toEqual([7, 7, 7, 0])
    expect(() => compareManyLogs([logs[0]!], ['A'], { objective: 'pass@1' })).toThrow('a comparison needs at least 2')
  })
})
