import { describe, expect, it } from 'vitest'
import { estimateTable } from '../src/estimate-table.js'
import { nats } from '../src/unit.js'
import { estimateOf } from './estimates.js'

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

  it('takes no metric or unit for one that every object has', () => {
    const rows = ['constructor', '__proto__', 'toString'].map((name) => ({
      label: name,
      estimates: { [name]: estimateOf(0.312) },
    }))
    const table = estimateTable({ rowHeader: 'policy', rows })
    expect(table.columns.map(({ header }) => header)).toEqual(['policy', 'constructor', '__proto__', 'toString'])
    expect(table.rows.map((row) => row.map((cell) => (typeof cell === 'string' ? cell : cell.text)))).toEqual([
      ['constructor', '31.2 %', '', ''],
      ['__proto__', '', '31.2 %', ''],
      ['toString', '', '', '31.2 %'],
    ])
  })
})
