import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimateTable } from '../src/estimate-table.js'
import { renderTable } from '../src/render-table.js'
import { textWidth } from '../src/text-width.js'
import { estimateOf } from './estimates.js'

const measured = estimateTable({
  rowHeader: 'trained for',
  rows: [
    { label: 'mean', estimates: { 'pass@1': estimateOf(0.312), 'pass@8': estimateOf(0.498) } },
    { label: 'pass@8', estimates: { 'pass@1': estimateOf(0.05), 'pass@8': estimateOf(0.708) } },
    { label: 'GPT-4', estimates: { 'pass@1': estimateOf(0.073, { tasks: 100 }) } },
  ],
  note: 'GPT-4 is context.',
})

describe('renderTable', () => {
  it('aligns values and intervals and numbers the footnotes', () => {
    expect(renderTable(measured)).toBe(
      `trained for               pass@1               pass@8
─────────────────────────────────────────────────────
mean¹        31.2 % [28.2, 34.2]  49.8 % [46.8, 52.8]
pass@8¹       5.0 % [2.0, 8.0]    70.8 % [67.8, 73.8]
GPT-4²        7.3 % [4.3, 10.3]
¹ n = 260 tasks × 64 samples; 95 % interval: percentile bootstrap over tasks; unscored samples: 2, policy count-as-failure
² n = 100 tasks × 64 samples; 95 % interval: percentile bootstrap over tasks; unscored samples: 2, policy count-as-failure
GPT-4 is context.
`,
    )
  })

  it('colours only when asked, and colour changes no other character', () => {
    const coloured = renderTable(measured, { color: true })
    expect(coloured).toContain('\u001b[1m')
    // eslint-disable-next-line no-control-regex -- the colours themselves
    const bare = coloured.replace(/\u001b\[\d+m/g, '').replace(/ +\n/g, '\n')
    expect(bare).toBe(renderTable(measured))
  })

  it('keeps every right edge in line, whatever the cells hold', () => {
    const cell = fc.string({ unit: 'binary', maxLength: 8 }).map((text) => `${text}|`)
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), (rows) => {
        const columns = [
          { header: 'a', align: 'right' as const },
          { header: 'b', align: 'right' as const },
        ]
        const lines = renderTable({ columns, rows }).split('\n').slice(2, -1)
        expect(lines).toHaveLength(rows.length)
        // Graphemes may join across the padding, so widths are compared where each cell is plain.
        const widths = new Set(lines.filter((line) => /^[ -~]*$/.test(line)).map(textWidth))
        expect(widths.size).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('draws a table without rows', () => {
    expect(renderTable({ columns: [{ header: 'k' }], rows: [] })).toBe('k\n─\n')
  })
})
