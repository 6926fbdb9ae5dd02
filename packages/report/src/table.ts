/** A column's heading and the side its cells keep to (default left). */
export interface Column {
  readonly header: string
  readonly align?: 'left' | 'right' | undefined
}

/** A cell with more to say than its text. */
export interface DetailedCell {
  readonly text: string
  /** Written after the text, less loud: an interval. */
  readonly detail?: string | undefined
  /** What the number rests on; cells with the same note share one footnote. */
  readonly note?: string | undefined
  /** Drawn bold where the medium can. */
  readonly strong?: boolean | undefined
}

/** One cell: a text, or a text with an interval and a footnote. */
export type Cell = string | DetailedCell

/** A table for the terminal and for the HTML report alike. */
export interface Table {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
  /** A sentence under the table. */
  readonly note?: string | undefined
}
