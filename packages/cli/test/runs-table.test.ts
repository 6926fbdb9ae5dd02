import { evaluateLog, readLogGroups, spreadOverRuns } from '@posttrain/logs'
import { expect, it } from 'vitest'
import { runsTable } from '../src/runs-table.js'
import { SPREAD_OVER_RUNS } from '../src/show-runs.js'
import type { Part } from '../src/show-evaluation.js'

const rows = [
  [7, 'a', 1],
  [7, 'b', 0],
  [8, 'a', 1],
  [8, 'b', 1],
].map(([seed, task_id, reward]) => JSON.stringify({ seed, task_id, reward }))

it('has mean, deviation and ends of each metric, and says where a run is too short', async () => {
  const [group] = await readLogGroups({ lines: rows }, { groupBy: [], runs: 'seed' })
  const { log, runs } = group!
  const objectives = ['pass@1', 'pass@2']
  const part: Part = {
    ...{ group: {}, log, evaluation: evaluateLog(log, { objectives }) },
    spread: spreadOverRuns(runs, { objectives }),
  }
  const { columns, rows: cells, note } = runsTable([part], 'seed')!
  expect(columns.map(({ header }) => header)).toEqual([
    'metric',
    'runs (seed)',
    'mean',
    'standard deviation',
    'lowest',
    'highest',
  ])
  expect(cells).toEqual([
    ['pass@1', '2', '75.0 %', '35.4 pp', '50.0 % (7)', '100.0 % (8)'],
    ['pass@2', '', 'a run has too few samples', '', '', ''],
  ])
  expect(note).toBe(SPREAD_OVER_RUNS)
  expect(runsTable([{ ...part, group: { model: 'm' } }], 'seed')!.rows[0]![0]).toBe('m, pass@1')
  expect(runsTable([part], undefined)).toBeUndefined()
})
