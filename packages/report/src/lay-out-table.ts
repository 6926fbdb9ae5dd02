import { requireLength } from '@posttrain/core'
import type { DetailedCell, Table } from './table.js'

/** A cell ready to be drawn: `mark` is the number of its footnote, empty when one footnote serves the whole table. */
export interface LaidOutCell {
  readonly text: string
  readonly detail: string
  readonly mark: string
  readonly strong: boolean
}

/** A table ready to be drawn, its footnotes collected and numbered. */
export interface LaidOutTable {
  readonly rows: readonly (readonly LaidOutCell[])[]
  readonly footnotes: readonly { readonly mark: string; readonly text: string }[]
}

/**
 * Collects the footnotes of a table: each distinct note once, in order of appearance. Where all noted cells of a row
 * rest on the same, its first cell carries the mark for all of them.
 *
 * @throws PosttrainError `invalid-argument` for a row whose length differs from the number of columns.
 */
export function layOutTable({ columns, rows, note }: Table): LaidOutTable {
  rows.forEach((row, i) => requireLength(`rows[${i}]`, row, columns.length))
  const cells = rows.map((row) => row.map((cell): DetailedCell => (typeof cell === 'string' ? { text: cell } : cell)))
  const notes = [...new Set(cells.flat().flatMap((cell) => cell.note ?? []))]
  const markOf = (text: string | undefined): string =>
    text === undefined || notes.length === 1 ? '' : String(notes.indexOf(text) + 1)
  return {
    rows: cells.map((row) => {
      const own = new Set(row.flatMap((cell) => cell.note ?? []))
      const shared = own.size === 1 ? markOf([...own][0]) : undefined
      return row.map(({ text, detail = '', note, strong = false }, j) => {
        const mark = shared === undefined ? markOf(note) : j === 0 ? shared : ''
        return { text, detail, mark, strong }
      })
    }),
    footnotes: [...notes.map((text) => ({ mark: markOf(text), text })), ...(note ? [{ mark: '', text: note }] : [])],
  }
}
