import { compareLogs } from '@posttrain/logs'
import { expect, it } from 'vitest'
import { comparisonJson, comparisonNotes, comparisonTables } from '../src/show-comparison.js'
import { logOf } from './in-memory.js'

const a = await logOf(Object.entries({ p: 4, q: 4, r: 2, onlyA: 4 }).map(([task_id, n]) => ({ task_id, n, c: 1 })))
const b = await logOf(Object.entries({ q: 3, p: 4, x: 1, r: 4, y: 1 }).map(([task_id, n]) => ({ task_id, n, c: 1 })))

it('notes say which tasks are left out, and why', () => {
  const comparison = compareLogs(a, b, { objective: 'pass@3', dropShort: true })
  expect(comparisonNotes(comparison, 3)).toEqual([
    '1 tasks are only in A and are left out, the first "onlyA"',
    '2 tasks are only in B and are left out, the first "x"',
    '1 common tasks have fewer than 3 samples and are left out',
  ])
  expect(comparisonNotes(compareLogs(a, a, { objective: 'pass@1' }), 1)).toEqual([])
})

it('the figures for programs', () => {
  expect(comparisonJson(compareLogs(a, b, { objective: 'pass@1' }))).toMatchObject({
    metric: 'pass@1',
    tasks: 3,
    a: (1 / 4 + 1 / 4 + 1 / 2) / 3,
    b: expect.closeTo((1 / 4 + 1 / 3 + 1 / 4) / 3, 15) as number,
    unscored: { a: 0, b: 0 },
    unscoredPolicy: 'count-as-failure',
  })
})

it('where no task differs, says so in place of an interval without width', () => {
  const same = compareLogs(a, a, { objective: 'pass@1' })
  const text = comparisonTables(same, ['A', 'B'], [a, a])
  expect(text).toContain('B − A              no task differs (n = 4, p = 1)\n')
  expect(text).toContain('n = 4 tasks; 95 % interval: student-t; p of the two-sided sign-flip permutation test\n')
  expect(comparisonJson(same)).toMatchObject({ difference: 0, discordant: 0, pValue: 1, tasks: 4 })
})
