import { describe, expect, it } from 'vitest'
import { layOutTable } from '../src/lay-out-table.js'

const columns = [{ header: 'policy' }, { header: 'a' }, { header: 'b' }]
const marks = (table: ReturnType<typeof layOutTable>): string[][] => table.rows.map((row) => row.map((c) => c.mark))

describe('layOutTable', () => {
  it('needs no mark for a footnote all numbers share', () => {
    const laidOut = layOutTable({
      columns,
      rows: [['x', { text: '1', note: 'n' }, { text: '2', note: 'n' }]],
      note: 'end',
    })
    expect(marks(laidOut)).toEqual([['', '', '']])
    expect(laidOut.footnotes).toEqual([
      { mark: '', text: 'n' },
      { mark: '', text: 'end' },
    ])
  })

  it('marks the row where its numbers agree, and each number where they do not', () => {
    const rows = [
      ['x', { text: '1', note: 'n = 260' }, { text: '2', note: 'n = 260' }],
      ['y', { text: '1', note: 'n = 100' }, { text: '2', note: 'n = 260' }],
      ['z', '', { text: '2', note: 'n = 100' }],
    ]
    const laidOut = layOutTable({ columns, rows })
    expect(marks(laidOut)).toEqual([
      ['1', '', ''],
      ['', '2', '1'],
      ['2', '', ''],
    ])
    expect(laidOut.footnotes.map(({ text }) => text)).toEqual(['n = 260', 'n = 100'])
  })

  it('refuses a row that does not fit', () => {
    expect(() => layOutTable({ columns, rows: [['x', '1', '2'], ['y']] })).toThrow(
      'rows[1] must have 3 entries, but has 1',
    )
  })
})
