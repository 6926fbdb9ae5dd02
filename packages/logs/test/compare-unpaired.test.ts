import { differenceFromValue, unpairedDifference } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import { compareLogWithValue, compareUnpairedLogs } from '../src/compare-unpaired.js'
import { logOf } from './in-memory.js'

const counted = (prefix: string, counts: readonly (readonly [number, number])[]) =>
  logOf(
    counts.map(([n, c], i) => ({ task_id: `${prefix}${i}`, n, c, passage: i >> 1 })),
    true,
    { fields: { cluster: 'passage' } },
  )
const a = counted('a', [
  [4, 1],
  [4, 0],
  [4, 4],
  [4, 2],
  [1, 0],
])
const b = counted('b', [
  [4, 3],
  [4, 4],
  [4, 4],
])

describe('compareUnpairedLogs', () => {
  it('compares logs that have no task in common, in clusters', () => {
    const { a: before, b: after, difference } = compareUnpairedLogs(a, b, { objective: 'pass@1' })
    expect([before.value, after.value]).toEqual([0.35, 11 / 12].map((value) => expect.closeTo(value, 14) as number))
    const expected = unpairedDifference([0.25, 0, 1, 0.5, 0], [0.75, 1, 1], {
      a: { clusters: [0, 0, 1, 1, 2] },
      b: { clusters: [0, 0, 1] },
    })
    expect(difference).toEqual(expected)
  })

  it('leaves out short tasks of each side where asked to, and refuses them otherwise', () => {
    const { leftOutOfA, leftOutOfB, a: before } = compareUnpairedLogs(a, b, { objective: 'pass@2', dropShort: true })
    expect([leftOutOfA, leftOutOfB, before.tasks]).toEqual([['a4'], [], 4])
    expect(() => compareUnpairedLogs(a, b, { objective: 'pass@2' })).toThrow('1 of 5 tasks have fewer: "a4" (1)')
  })
})

describe('compareLogWithValue', () => {
  it('compares with a number', () => {
    const { estimate, difference } = compareLogWithValue(b, 0.42, { objective: 'pass@1', level: 0.9 })
    expect(estimate.value).toBeCloseTo(11 / 12, 14)
    expect(difference).toEqual(differenceFromValue([0.75, 1, 1], 0.42, { level: 0.9, clusters: [0, 0, 1] }))
    expect(() => compareLogWithValue(b, Number.NaN, { objective: 'pass@1' })).toThrow('value must be a finite number')
  })
})
