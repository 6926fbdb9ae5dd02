import { addRow } from './elementwise'
import { paddedBytes } from './simd'

// Sums over rows (the gradients of gains and biases) are computed for each block of rows and then added up in order:
// that bounds the error of long sums, and gives the same bits however the blocks are shared among threads.

/** Rows of a block; threads share the rows in whole blocks. */
export const BLOCK: i32 = 64

/** The rows of a block, for the host. */
export function rowsPerBlock(): i32 {
  return BLOCK
}

/** Room for `sums` sums of every block. */
export function rowBlocksBytes(rows: i32, columns: i32, sums: i32): usize {
  return <usize>(((rows + BLOCK - 1) / BLOCK) * sums) * paddedBytes(columns)
}

/** target += the `which`-th of the `sums` sums of every block, in the order of the blocks. */
export function addRowBlocks(rows: i32, columns: i32, sums: i32, which: i32, blocks: usize, target: usize): void {
  const step = paddedBytes(columns)
  let block = blocks + <usize>which * step
  for (let i = 0; i < rows; i += BLOCK, block += <usize>sums * step) addRow(columns, block, target)
}
