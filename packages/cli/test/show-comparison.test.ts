import { compareLogs } from '@posttrain/logs'
import { expect, it } from 'vitest'
import { comparisonJson, comparisonNotes } from '../src/show-comparison.js'
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
