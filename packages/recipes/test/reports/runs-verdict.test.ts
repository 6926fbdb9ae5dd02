import type { Estimate } from '@posttrain/core'
import { expect, it } from 'vitest'
import type { ReportedRow } from '../../src/reports/reported-row.js'
import type { RowDifference } from '../../src/reports/row-differences.js'
import { verdictOfRuns } from '../../src/reports/runs-verdict.js'

const interval = { lower: 0.1, upper: 0.3, level: 0.95, method: 'student-t' }
const row = (label: string, values: Readonly<Record<string, number>>, trainedFor?: string): ReportedRow => ({
  label,
  variant: label,
  trainedFor,
  runs: ['run'],
  seeds: [0],
  curve: [],
  estimates: Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { name, value, interval, tasks: 9 } as unknown as Estimate]),
  ),
})
const better = (metric: string, a: string, baseline: string, verdict: RowDifference['verdict']): RowDifference => ({
  metric,
  row: a,
  baseline,
  seeds: [0],
  difference: verdict === 'worse' ? -0.2 : 0.2,
  interval: verdict === 'worse' ? { ...interval, lower: -0.3, upper: -0.1 } : interval,
  pValue: 0.01,
  adjustedPValue: 0.03,
  pValueMethod: 'exact',
  verdict,
  tasks: 9,
})

it('turns a difference round where the row with the most was the baseline', () => {
  const rows = [
    row('mean', { 'pass@1': 0.4, 'pass@8': 0.5 }, 'pass@1'),
    row('eight', { 'pass@1': 0.2, 'pass@8': 0.6 }, 'pass@8'),
  ]
  const differences = [better('pass@1', 'eight', 'mean', 'worse'), better('pass@8', 'eight', 'mean', 'undecided')]
  expect(verdictOfRuns({ rows, differences, metrics: ['pass@1', 'pass@8'] })).toEqual([
    '1 of the 2 ways of training (mean) is credibly better, by the metric it was trained for, than everything that was not trained for it.',
    'pass@1: mean has the most, 40.0 % [10.0, 30.0]; credibly more than eight (+20.0 pp [+10.0, +30.0], p = 0.03).',
    'pass@8: eight has the most, 60.0 % [10.0, 30.0]; not told apart from mean (+20.0 pp [+10.0, +30.0], p = 0.03).',
  ])
})

it('does not call the best what nothing was compared with', () => {
  const rows = [row('mean', { 'pass@1': 0.4 }, 'pass@1'), row('long', { 'pass@1': 0.3 }, 'pass@1')]
  const differences = [better('pass@1', 'long', 'mean', 'worse')]
  expect(verdictOfRuns({ rows, differences, metrics: ['pass@1'] })[0]).toMatch(/^None of the 2 ways of training is/)
  expect(verdictOfRuns({ rows: [row('before', { 'pass@1': 0.1 })], differences: [], metrics: ['pass@1'] })).toEqual([
    'Nothing here was trained.',
  ])
})
