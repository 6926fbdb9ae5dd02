import { evaluateLog, readLogGroups } from '@posttrain/logs'
import { renderTable } from '@posttrain/report'
import { expect, it } from 'vitest'
import { costTables } from '../src/show-costs.js'
import { evaluationJson, type Part } from '../src/show-evaluation.js'

const rows = ['dear', 'cheap', 'free'].flatMap((model, m) =>
  ['a', 'b', 'c'].map((task_id, t) => ({
    task_id,
    model,
    passed: t > m,
    ...(m < 2 && { cost: (2 - m) * (t + 1) * 1e-4 }),
  })),
)

it('costs stand beside the first metric, the cheapest group first', async () => {
  const lines = rows.map((row) => JSON.stringify(row))
  const groups = await readLogGroups({ lines }, { groupBy: ['model'], fields: { cost: ['cost'] } })
  const parts = groups.map(({ values, log }): Part => {
    return { group: { model: values[0]! }, log, evaluation: evaluateLog(log, { objectives: ['pass@1'] }) }
  })
  const [table, ...others] = costTables(parts)
  expect(others).toEqual([])
  expect(table!.columns.map(({ header }) => header)).toEqual([
    'model',
    'cost of a sample',
    'in all',
    'samples',
    'pass@1',
  ])
  expect(table!.rows.map(([label, , total, samples]) => [label, total, samples])).toEqual([
    ['cheap', '0.0006000', '3'],
    ['dear', '0.001200', '3'],
    ['free', '', ''],
  ])
  const text = renderTable(table!)
  expect(text).toMatch(/cheap {2}0\.0002000 \[0\.0001\d+, 0\.0003\d+\] +0\.0006000 +3 {2}33\.3 %/)
  expect(text).toContain('k samples cost k times that')
  expect(evaluationJson(parts)).toMatchObject({
    groups: [
      {},
      { costs: [{ field: 'cost', perSample: expect.closeTo(0.0002, 12) as number, samples: 3, tasks: 3 }] },
      {},
    ],
  })
})
