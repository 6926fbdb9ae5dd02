import type { NeededToDetect } from '@posttrain/logs'
import { evaluateLog } from '@posttrain/logs'
import { expect, it } from 'vitest'
import { neededTable } from '../src/needed-table.js'
import type { Part } from '../src/show-evaluation.js'
import { logOf } from './in-memory.js'

const log = await logOf([0, 1, 1, 0].map((reward, task_id) => ({ task_id, reward })))
const evaluation = evaluateLog(log, { objectives: ['pass@1'] })
const partOf = (needed: Partial<NeededToDetect>, group: Part['group'] = {}): Part => {
  const wish = { difference: 0.02, power: 0.8, level: 0.95, tasks: undefined, samplesPerTask: undefined }
  const measured = evaluation.measured.map((one) => ({ ...one, needed: { ...wish, ...needed } }))
  return { group, log, evaluation: { ...evaluation, measured } }
}

it('has tasks and samples per task, in words where no number is known or none suffices', () => {
  const parts = [
    partOf({ tasks: 700, samplesPerTask: 12 }, { model: 'm1' }),
    partOf({ tasks: 700, samplesPerTask: Infinity }, { model: 'm2' }),
    partOf({}, { model: null }),
  ]
  const { columns, rows, note } = neededTable(parts)!
  expect(columns.map(({ header }) => header)).toEqual([
    'model, metric',
    'difference',
    'tasks, with as many samples as here',
    'or samples per task',
    'on tasks',
  ])
  expect(rows).toEqual([
    ['m1, pass@1', '0.02', '700', '12', '4'],
    ['m2, pass@1', '0.02', '700', 'no number suffices', '4'],
    ['none, pass@1', '0.02', 'not known', 'not known', '4'],
  ])
  expect(note).toMatch(/^with power 0\.8 at level 0\.95; the other system is taken to spread as this one/)
  expect(neededTable([{ group: {}, log, evaluation }])).toBeUndefined()
})
