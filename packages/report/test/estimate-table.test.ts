import { describe, expect, it } from 'vitest'
import { estimateCell, estimateTable } from '../src/estimate-table.js'
import { nats, points } from '../src/unit.js'
import { estimateOf } from './estimates.js'

describe('estimateCell', () => {
  it('is strong for a difference whose interval excludes zero, and only then', () => {
    expect(estimateCell(estimateOf(0.05), points).strong).toBe(true)
    expect(estimateCell(estimateOf(-0.05), points).strong).toBe(true)
    expect(estimateCell(estimateOf(0.02), points).strong).toBe(false)
    expect(estimateCell(estimateOf(0.05)).strong).toBe(false)
  })
})

describe('estimateTable', () => {
  it('has a column per metric of any row and leaves gaps blank', () => {
    const { columns, rows } = estimateTable({
      rowHeader: 'policy',
      rows: [
        { label: 'mean', estimates: { 'pass@1': estimateOf(0.312) } },
        { label: 'pass@8', estimates: { entropy: estimateOf(0.342), 'pass@1': estimateOf(0.256) } },
      ],
      units: { entropy: nats },
    })
    expect(columns.map(({ header }) => header)).toEqual(['policy', 'pass@1', 'entropy'])
    expect(rows[0]![2]).toBe('')
    expect(rows[1]![1]).toMatchObject({ text: '25.6 %', detail: '[22.6, 28.6]' })
    expect(rows[1]![2]).toMatchObject({ text: '0.342 nats', detail: '[0.312, 0.372]' })
  })
})
