import { describe, expect, it } from 'vitest'
import { commonTasks } from '../src/common-tasks.js'
import type { TaskLog } from '../src/task-log.js'
import { logOf } from './in-memory.js'

/** One row per task, of one right verdict unless it says otherwise. */
const rows = (of: Readonly<Record<string, object>>, fields = {}): TaskLog =>
  logOf(
    Object.entries(of).map(([task_id, rest]) => ({ task_id, n: 1, c: 1, ...rest })),
    true,
    { fields },
  )
const objective = 'pass@1'

describe('commonTasks', () => {
  it('measures every log on the tasks that all have, in one order', () => {
    const logs = [
      rows({ p: { c: 0 }, q: {}, r: {}, s: {} }),
      rows({ s: { c: 0 }, q: {}, p: {} }),
      rows({ q: { c: 0 }, x: {}, s: {}, p: {} }),
    ]
    const { name, columns, alone, leftOut } = commonTasks(logs, ['A', 'B', 'C'], { objective })
    expect(name).toBe('pass@1')
    expect(columns.map(({ values }) => [...values[0]!])).toEqual([
      [0, 1, 1],
      [1, 1, 0],
      [1, 0, 1],
    ])
    expect(alone).toEqual([['r'], [], ['x']])
    expect(leftOut).toEqual([])
  })

  it('takes clusters and weights from the logs that have them, which must agree', () => {
    const fields = { cluster: 'passage', weight: 'weight' }
    const plain = rows({ p: {}, q: {}, r: {} })
    const known = (q: object): TaskLog =>
      rows(
        { r: { passage: 'x', weight: 2 }, q: { passage: 'y', weight: 1, ...q }, p: { passage: 'x', weight: 3 } },
        fields,
      )
    const { columns } = commonTasks([plain, known({})], ['A', 'B'], { objective })
    for (const { clusters, weights } of columns)
      expect({ clusters, weights }).toEqual({ clusters: ['x', 'y', 'x'], weights: [3, 1, 2] })
    expect(() => commonTasks([plain, known({}), known({ passage: 'z' })], ['A', 'B', 'C'], { objective })).toThrow(
      'task "q" has the cluster y in B and z in C',
    )
    expect(() => commonTasks([known({}), known({ weight: 5 })], ['A', 'B'], { objective })).toThrow(
      'task "q" has the weight 1 in A and 5 in B',
    )
  })

  it('names the logs that say different things of a task, or have nothing in common', () => {
    const reference = (of: string): TaskLog => rows({ p: { reference: of }, q: {} })
    const three = [rows({ p: {}, q: {} }), reference('4'), reference('5')]
    expect(() => commonTasks(three, ['A', 'B', 'C'], { objective })).toThrow(
      'task "p" has the reference "4" in B and "5" in C',
    )
    expect(() =>
      commonTasks([rows({ p: {} }), rows({ q: {} }), rows({ r: {} })], ['A', 'B', 'C'], { objective }),
    ).toThrow('A, B and C have 0 tasks in common')
  })
})
