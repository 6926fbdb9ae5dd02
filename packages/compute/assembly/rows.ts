import { copyFloats } from './simd'
import { add } from './elementwise'

/** The row of a table that an index at `index` names. */
@inline
function rowOf(table: usize, index: usize, width: usize): usize {
  return table + <usize>i32.load(index) * width
}

export function gatherRows(rows: i32, columns: i32, source: usize, indices: usize, out: usize): void {
  const width = <usize>columns << 2
  for (let i = 0; i < rows; i++, indices += 4, out += width) copyFloats(rowOf(source, indices, width), out, columns)
}

export function scatterAddRows(rows: i32, columns: i32, source: usize, indices: usize, out: usize): void {
  const width = <usize>columns << 2
  for (let i = 0; i < rows; i++, indices += 4, source += width) add(columns, source, rowOf(out, indices, width))
}

export function embedding(
  rows: i32, columns: i32,
  tokens: usize, positions: usize, tokenTable: usize, positionTable: usize, out: usize,
): void {
  const width = <usize>columns << 2
  for (let i = 0; i < rows; i++, tokens += 4, positions += 4, out += width) {
    copyFloats(rowOf(tokenTable, tokens, width), out, columns)
    add(columns, rowOf(positionTable, positions, width), out)
  }
}

export function embeddingBackward(
  rows: i32, columns: i32,
  tokens: usize, positions: usize, gradOut: usize, gradTokenTable: usize, gradPositionTable: usize,
): void {
  scatterAddRows(rows, columns, gradOut, tokens, gradTokenTable)
  scatterAddRows(rows, columns, gradOut, positions, gradPositionTable)
}
