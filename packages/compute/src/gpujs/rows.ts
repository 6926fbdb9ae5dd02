import type { Implementations } from '../implementation.js'
import { addInto, type Compile, type Place } from './compile.js'

/** Rows by index, and the transpose: an entry of the output looks for the rows that belong to it. */
export function rows(
  compile: Compile,
): Implementations<Place, 'gatherRows' | 'scatterAddRows' | 'embedding' | 'embeddingBackward'> {
  const gather = compile(
    { source: 'array', indices: 'array', columns: 'integer' },
    'return source[indices[this.thread.y] * columns + this.thread.x]',
  )
  const scatter = compile(
    { source: 'array', indices: 'array', rows: 'integer', columns: 'integer' },
    `let sum = 0
    for (let i = 0; i < rows; i++) {
      if (indices[i] === this.thread.y) sum += source[i * columns + this.thread.x]
    }
    return sum`,
  )
  const addRows = (rows: number, columns: number, source: Place, indices: Place, out: Place): void =>
    addInto(out, scatter([out.length / columns, columns], { source, indices, rows, columns }))
  return {
    gatherRows: ({ rows, columns, source, indices, out }) =>
      out.set(gather([rows, columns], { source, indices, columns })),
    scatterAddRows: ({ rows, columns, source, indices, out }) => addRows(rows, columns, source, indices, out),
    embedding({ rows, columns, tokens, positions, tokenTable, positionTable, out }) {
      out.set(gather([rows, columns], { source: tokenTable, indices: tokens, columns }))
      if (positions && positionTable) {
        addInto(out, gather([rows, columns], { source: positionTable, indices: positions, columns }))
      }
    },
    embeddingBackward({ rows, columns, tokens, positions, gradOut, gradTokenTable, gradPositionTable }) {
      addRows(rows, columns, gradOut, tokens, gradTokenTable)
      if (positions && gradPositionTable) addRows(rows, columns, gradOut, positions, gradPositionTable)
    },
  }
}
