import { copyFloats } from './simd'
import { addRow } from './elementwise'

/** The row of a table that the i-th index names. */
@inline
function rowOf(table: usize, indices: usize, i: usize, width: usize): usize {
  return table + <usize>i32.load(indices + (i << 2)) * width
}

export function gatherRows(from: i32, to: i32, columns: i32, source: usize, indices: usize, out: usize): void {
  const width = (<usize>columns) << 2
  for (let i = <usize>from; i < <usize>to; i++) copyFloats(rowOf(source, indices, i, width), out + i * width, columns)
}

/** Several rows may be added to one: they are added one after the other, on one thread. */
export function scatterAddRows(rows: i32, columns: i32, source: usize, indices: usize, out: usize): void {
  const width = (<usize>columns) << 2
  for (let i: usize = 0; i < <usize>rows; i++) addRow(columns, source + i * width, rowOf(out, indices, i, width))
}

/** `positionTable` is 0 if there are no learned positions. */
export function embedding(
  from: i32,
  to: i32,
  columns: i32,
  tokens: usize,
  positions: usize,
  tokenTable: usize,
  positionTable: usize,
  out: usize,
): void {
  const width = (<usize>columns) << 2
  for (let i = <usize>from; i < <usize>to; i++) {
    copyFloats(rowOf(tokenTable, tokens, i, width), out + i * width, columns)
    if (positionTable != 0) addRow(columns, rowOf(positionTable, positions, i, width), out + i * width)
  }
}

/** `gradPositionTable` is 0 if there are no learned positions. */
export function embeddingBackward(
  rows: i32,
  columns: i32,
  tokens: usize,
  positions: usize,
  gradOut: usize,
  gradTokenTable: usize,
  gradPositionTable: usize,
): void {
  scatterAddRows(rows, columns, gradOut, tokens, gradTokenTable)
  if (gradPositionTable != 0) scatterAddRows(rows, columns, gradOut, positions, gradPositionTable)
}
