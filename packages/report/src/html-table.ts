import { html, nothing, type Html } from './html.js'
import { layOutTable, type LaidOutCell } from './lay-out-table.js'
import { scrollArea } from './scroll-area.js'
import type { Table } from './table.js'

/**
 * A table as HTML: the first column heads its row and stays in sight, intervals are quieter than values, footnotes
 * stand below.
 *
 * @param name what a screen reader calls it, unique in the page
 */
export function htmlTable(table: Table, name: string): Html {
  const { rows, footnotes } = layOutTable(table)
  const side = (column: number): string => table.columns[column]?.align ?? 'left'
  const header = table.columns.map(({ header }, j) => html`<th scope="col" class="${side(j)}">${header}</th>`)
  const cell = (content: LaidOutCell, j: number): Html =>
    j === 0 && table.columns.length > 1
      ? html`<th scope="row" class="${side(j)}">${htmlCell(content)}</th>`
      : html`<td class="${side(j)}">${htmlCell(content)}</td>`
  const notes = footnotes.map(({ mark, text }) => html`<li>${superscript(mark)}${text}</li>`)
  const fit = table.columns.every((_, j) => side(j) === 'left') ? 'narrow' : 'wide'
  const grid = html`<table class="${fit}">
<thead><tr>${header}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${row.map(cell)}</tr>`)}
</tbody>
</table>`
  return html`${scrollArea(name, grid)}
${notes.length > 0 ? html`<ul class="notes">${notes}</ul>` : nothing}`
}

function htmlCell({ text, detail, mark, strong }: LaidOutCell): Html {
  const value = strong ? html`<strong>${text}</strong>` : html`${text}`
  return html`${value}${detail === '' ? nothing : html` <span class="detail">${detail}</span>`}${superscript(mark)}`
}

const superscript = (mark: string): Html => (mark === '' ? nothing : html`<sup>${mark}</sup>`)
