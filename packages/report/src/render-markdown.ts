import { invalidArgument } from '@posttrain/core'
import { layOutTable, type LaidOutCell } from './lay-out-table.js'
import { markdownText } from './markdown-text.js'
import { superscript } from './superscript.js'
import type { Table } from './table.js'

/**
 * A table in GitHub-flavoured Markdown, its footnotes as paragraphs below.
 *
 * @returns lines, ended by a newline; every cell shows its text and nothing else, as `markdownText` has it
 * @throws PosttrainError `invalid-argument` for no columns, or a row whose length differs from their number
 * @example
 * ```ts
 * const table = { columns: [{ header: 'k' }, { header: 'pass@k', align: 'right' }], rows: [['8', '70.8 %']] }
 * renderMarkdown(table) // => '| k | `pass@k` |\n| --- | --: |\n| 8 | 70.8 % |\n'
 * ```
 */
export function renderMarkdown(table: Table): string {
  if (table.columns.length === 0) throw invalidArgument('the table has no columns', 'give it at least one')
  const { rows, footnotes } = layOutTable(table)
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
  return [
    line(table.columns.map(({ header }) => markdownText(header))),
    line(table.columns.map(({ align }) => (align === 'right' ? '--:' : '---'))),
    ...rows.map((row) => line(row.map(markdownCell))),
    ...footnotes.map(({ mark, text }) => `\n${[superscript(mark), markdownText(text)].join(' ').trimStart()}\n`),
  ].join('')
}

function markdownCell({ text, detail, mark, strong }: LaidOutCell): string {
  const sign = superscript(mark)
  if (detail === '') return emphasised(markdownText(text) + sign, strong)
  return `${emphasised(markdownText(text), strong)} ${markdownText(detail)}${sign}`.trimStart()
}

const emphasised = (markdown: string, strong: boolean): string =>
  strong && markdown !== '' ? `**${markdown}**` : markdown
