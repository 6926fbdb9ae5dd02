import { evaluateLog, expectTasks } from '@posttrain/logs'
import { expect, it } from 'vitest'
import type { Part } from '../src/show-evaluation.js'
import { totalsTable } from '../src/totals-table.js'
import { logOf } from './in-memory.js'

const partOf = async (rows: readonly object[], expected = 0, group: Part['group'] = {}): Promise<Part> => {
  const [log] = expectTasks([await logOf(rows)], Math.max(expected, rows.length))
  return { group, log: log!, evaluation: evaluateLog(log!, { objectives: ['pass@2'], dropShort: true }) }
}
const whole = ['a', 'b', 'c'].map((task_id) => ({ task_id, rewards: [1, 0, 1] }))

it('has tasks and samples, and nothing that no log has', async () => {
  expect(totalsTable([await partOf(whole)])).toEqual({
    columns: [
      { header: 'log' },
      { header: 'tasks in the figures', align: 'right' },
      { header: 'samples', align: 'right' },
    ],
    rows: [['all', '3', '9']],
  })
})

it('counts what is absent, left out and without a score', async () => {
  const parts = [
    await partOf(whole, 0, { model: 'm1' }),
    await partOf([...whole.slice(1), { task_id: 'a', rewards: [null] }], 5, { model: 'm2' }),
  ]
  const { columns, rows } = totalsTable(parts)
  expect(columns.map(({ header }) => header)).toEqual([
    'model',
    'tasks in the figures',
    'of them absent from the log',
    'tasks left out',
    'samples',
    'of them without a score',
  ])
  expect(rows).toEqual([
    ['m1', '3', '0', '0', '9', '0'],
    ['m2', '4', '2', '1', '7', '1'],
  ])
})
