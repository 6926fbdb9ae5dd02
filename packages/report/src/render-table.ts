import { layOutTable, type LaidOutCell } from './lay-out-table.js'
import { superscript } from './superscript.js'
import type { Table } from './table.js'
import { singleLine, textWidth } from './text-width.js'

/** How to draw a table as text. */
export interface RenderTableOptions {
  /** Use ANSI bold and dim (default false). The caller knows whether its output is a terminal. */
  readonly color?: boolean | undefined
}

const widest = (texts: readonly string[]): number => texts.reduce((width, text) => Math.max(width, textWidth(text)), 0)
const padEnd = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - textWidth(text)))
const padStart = (text: string, width: number): string => ' '.repeat(Math.max(0, width - textWidth(text))) + text

const printable = ({ text, detail, mark, strong }: LaidOutCell): LaidOutCell => ({
  text: singleLine(text) + (detail === '' ? superscript(mark) : ''),
  detail: detail === '' ? '' : singleLine(detail) + superscript(mark),
  mark,
  strong,
})

/**
 * Draws a table for a terminal: columns aligned, numbers to the right with their intervals in line, footnotes below.
 *
 * @returns lines without trailing spaces, ended by a newline; control characters in cells are made visible
 * @throws PosttrainError `invalid-argument` for a row whose length differs from the number of columns.
 * @example
 * ```ts
 * const table = { columns: [{ header: 'k' }, { header: 'pass@k', align: 'right' }], rows: [['8', '70.8 %']] }
 * renderTable(table) // => 'k  pass@k\n─────────\n8  70.8 %\n'
 * ```
 */
export function renderTable(table: Table, { color = false }: RenderTableOptions = {}): string {
  const { rows, footnotes } = layOutTable(table)
  const style = (code: number, text: string): string =>
    color && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text
  const bold = (text: string): string => style(1, text)
  const dim = (text: string): string => style(2, text)

  const columns = table.columns.map(({ header, align }, j) => {
    const heading = singleLine(header)
    const cells = rows.map((row) => printable(row[j]!))
    const textColumn = widest(cells.map((cell) => cell.text))
    const detailColumn = widest(cells.map((cell) => cell.detail))
    const body = textColumn + (detailColumn > 0 ? 1 + detailColumn : 0)
    const width = Math.max(body, textWidth(heading))
    const pad = align === 'right' ? padStart : padEnd
    const drawn = cells.map(({ text, detail, strong }) => {
      const first = pad(text, textColumn)
      const rest = detailColumn > 0 ? ' ' + dim(padEnd(detail, detailColumn)) : ''
      const space = ' '.repeat(width - body)
      const cell = (strong ? bold(first) : first) + rest
      return align === 'right' ? space + cell : cell + space
    })
    return { heading: bold(pad(heading, width)), width, drawn }
  })

  const rule = '─'.repeat(columns.reduce((sum, { width }) => sum + width, 2 * Math.max(0, columns.length - 1)))
  const lines = [
    columns.map(({ heading }) => heading).join('  '),
    dim(rule),
    ...rows.map((_, i) => columns.map(({ drawn }) => drawn[i]!).join('  ')),
    ...footnotes.map(({ mark, text }) => dim(`${superscript(mark)}${mark === '' ? '' : ' '}${singleLine(text)}`)),
  ]
  return lines.map((line) => `${line.trimEnd()}\n`).join('')
}
