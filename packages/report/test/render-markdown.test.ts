import { visible } from '@posttrain/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimateTable } from '../src/estimate-table.js'
import { renderMarkdown } from '../src/render-markdown.js'
import { estimateOf } from './estimates.js'
import { markdownLike } from './markdown-like.js'
import { kindsIn, parseMarkdown, textOf } from './parse-markdown.js'

const measured = estimateTable({
  rowHeader: 'trained for',
  rows: [
    { label: 'mean', estimates: { 'pass@1': estimateOf(0.312), 'pass@8': estimateOf(0.498) } },
    { label: 'GPT-4', estimates: { 'pass@1': estimateOf(0.073, { tasks: 100 }) } },
  ],
  note: 'GPT-4 is context.',
})

describe('renderMarkdown', () => {
  it('writes rows, sides and footnotes', () => {
    expect(renderMarkdown(measured)).toBe(
      `| trained for | \`pass@1\` | \`pass@8\` |
| --- | --: | --: |
| mean¹ | 31.2 % \\[28.2, 34.2\\] | 49.8 % \\[46.8, 52.8\\] |
| \`GPT-4\`² | 7.3 % \\[4.3, 10.3\\] |  |

¹ n = 260 tasks × 64 samples; 95 % interval: percentile bootstrap over tasks; unscored samples: 2, policy count-as-failure

² n = 100 tasks × 64 samples; 95 % interval: percentile bootstrap over tasks; unscored samples: 2, policy count-as-failure

\`GPT-4\` is context.
`,
    )
  })

  it('is bold where a cell is strong, marks included', () => {
    const note = ['a', 'b']
    const rows = note.map((note) => [
      { text: '−1 pp (x)', strong: true, note },
      { text: '', strong: true },
    ])
    const [table] = parseMarkdown(renderMarkdown({ columns: [{ header: 'd' }, { header: '' }], rows }))
    const [, first] = table!.children!
    expect(first!.children!.map(({ children }) => children!.map(({ type }) => type))).toEqual([['strong'], []])
    expect(textOf(first!)).toBe('−1 pp (x)¹')
  })

  it('keeps whatever a cell holds in that cell, and shows it as it is', () => {
    const cell = fc.record({ text: markdownLike, detail: markdownLike, strong: fc.boolean() })
    const header = fc.record({ header: markdownLike, align: fc.constantFrom('left', 'right') })
    const row = fc.tuple(cell, markdownLike)
    fc.assert(
      fc.property(fc.tuple(header, header), fc.array(row, { maxLength: 4 }), (columns, rows) => {
        const blocks = parseMarkdown(renderMarkdown({ columns, rows }))
        expect(blocks.map(({ type }) => type)).toEqual(['table'])
        const [{ align, children }] = blocks as [(typeof blocks)[0]]
        expect(align).toEqual(columns.map(({ align }) => (align === 'right' ? 'right' : null)))
        const shown = ({ text, detail }: { text: string; detail: string }): string =>
          [text, detail].filter(Boolean).map(visible).join(' ')
        expect(children!.map((row) => row.children!.map(textOf))).toEqual([
          columns.map(({ header }) => visible(header)),
          ...rows.map(([first, second]) => [shown(first), visible(second)]),
        ])
        const kinds = ['inlineCode', 'strong', 'tableCell', 'tableRow', 'text']
        expect(kinds).toEqual(expect.arrayContaining([...kindsIn(blocks[0]!)]))
      }),
      { numRuns: 300 },
    )
  })

  it('refuses a table without columns, and a row of another length', () => {
    expect(() => renderMarkdown({ columns: [], rows: [] })).toThrow('the table has no columns')
    expect(() => renderMarkdown({ columns: [{ header: 'k' }], rows: [['8', '1']] })).toThrow('rows[0]')
  })
})
