import { meanInterval } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import { evaluateLog } from '../src/evaluate-log.js'
import { logOf } from './in-memory.js'

const verdict = (task_id: string, passed: number, fields: object): object => ({ task_id, passed, ...fields })

describe('what rows say of their task', () => {
  it('clusters give the interval of dependent tasks', () => {
    const values = Array.from({ length: 96 }, (_, i) =>
      Number([0, 2, 3, 7, 11].includes(Math.floor(i / 8)) || i % 8 === 5),
    )
    const rows = values.map((value, i) => verdict(`q${i}`, value, { meta: { passage: `p${Math.floor(i / 8)}` } }))
    const { estimate } = evaluateLog(logOf(rows, true, { fields: { cluster: 'meta.passage' } }), {
      objectives: ['pass@1'],
    }).measured[0]!
    const clusters = values.map((_, i) => Math.floor(i / 8))
    const plain = evaluateLog(logOf(rows), { objectives: ['pass@1'] }).measured[0]!.estimate
    expect(estimate.value).toBe(plain.value)
    expect(estimate.interval).toEqual(meanInterval(values, { clusters }))
    const width = ({ interval }: typeof plain): number => interval.upper - interval.lower
    expect(width(estimate)).toBeGreaterThan(2 * width(plain))
  })

  it('weights give the weighted mean', () => {
    const rows = [3, 1, '4'].map((weight, i) => verdict(`t${i}`, Number(i === 0), { weight }))
    const { measured } = evaluateLog(logOf(rows, true, { fields: { weight: 'weight' } }), { objectives: ['pass@1'] })
    expect(measured[0]!.estimate.value).toBe(3 / 8)
  })

  it('tags give a result for each, and the mean in which they count alike', () => {
    const rows = Array.from({ length: 100 }, (_, i) =>
      verdict(`t${i}`, Number(i < 90), { category: i < 90 ? 'easy' : 'hard' }),
    )
    const { measured, tags, overTags } = evaluateLog(logOf(rows, true, { fields: { tag: 'category' } }), {
      objectives: ['pass@1'],
    })
    expect(measured[0]!.estimate.value).toBe(0.9)
    expect(tags.map((one) => [one.tag, one.measured[0]!.estimate.value, one.measured[0]!.estimate.tasks])).toEqual([
      ['easy', 1, 90],
      ['hard', 0, 10],
    ])
    expect(overTags[0]!.estimate.value).toBeCloseTo(0.5, 15)
    expect(overTags[0]!.estimate.interval.lower).toBeLessThan(0.5)
  })

  it.each([
    [
      'cluster',
      { field: 'p1' },
      { field: 'p2' },
      'task "a" has the cluster p2 here and p1 before; first seen in log.jsonl, line 1',
    ],
    [
      'tag',
      { field: 'x' },
      { field: 'y' },
      'task "a" has the tag y here and x before; first seen in log.jsonl, line 1',
    ],
    [
      'weight',
      { field: 1 },
      { field: 2 },
      'task "a" has the weight 2 here and 1 before; first seen in log.jsonl, line 1',
    ],
    ['tag', { field: 'x' }, {}, 'field must be in every row, but is missing'],
    ['weight', { field: 1 }, { field: 0 }, 'field must be a positive number, but is "0"'],
    ['weight', { field: 1 }, { field: 'much' }, 'field must be a positive number, but is "much"'],
  ] as const)('%s: %j and %j is refused', (name, fields, other, message) => {
    const rows = [verdict('a', 1, fields), verdict('a', 0, other)]
    expect(() => logOf(rows, true, { fields: { [name]: 'field' } })).toThrow(
      expect.objectContaining({ message: `log.jsonl, line 2: ${message}` }),
    )
  })
})
