import { packColumns, packRows, packTransposedA, panelBytes, panelsBytes, tileBytes } from './pack'
import { zeroFloats } from './simd'
import { multiplyColumns, multiplyRows, SPILL_BYTES } from './tile'

// Blocks: a panel of B (depth × 8 floats) stays in the first-level cache while a block of 64 rows of A passes by; all
// panels of a block stay in the second level, and where A has to be packed too, half of it is A's.
const DEPTH: i32 = 512
const DEPTH_TRANSPOSED: i32 = 256
const COLUMNS: i32 = 512
const ROWS: i32 = 64
const ROWS_PACKED: i32 = 512

export function matmulScratchBytes(n: i32, k: i32): usize {
  const depth = min(k, DEPTH)
  const columns = min(n, COLUMNS)
  const tiles = <usize>(ROWS_PACKED >> 2) * tileBytes(min(k, DEPTH_TRANSPOSED))
  return SPILL_BYTES + 32 + panelsBytes(1, columns) + panelsBytes(depth, columns) + tiles
}

/** Equal blocks of at most `most`, in multiples of 4, and never 0. */
@inline
function blockSize(total: i32, most: i32): i32 {
  const blocks = max(1, (total + most - 1) / most)
  return max(4, ((total + blocks - 1) / blocks + 3) & ~3)
}

/**
 * out (m × n) = A·B + bias, or out += A·B + bias; `bias` is 0 if there is none. f32 accumulators. The range is one of
 * rows of out or, with `byColumns`, of columns: either way, an entry is computed by the same steps.
 */
export function matmul(
  from: i32,
  to: i32,
  byColumns: bool,
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  transposeA: bool,
  b: usize,
  transposeB: bool,
  out: usize,
  bias: usize,
  accumulate: bool,
  scratch: usize,
): void {
  const firstRow = byColumns ? 0 : from
  const lastRow = byColumns ? m : to
  const lastColumn = byColumns ? to : n
  const zeros = scratch + SPILL_BYTES
  const starts = zeros + 32
  zeroFloats(zeros, 8)
  const row = (<usize>n) << 2
  const block = blockSize(k, transposeA ? DEPTH_TRANSPOSED : DEPTH)
  for (let n0 = byColumns ? from : 0; n0 < lastColumn; n0 += COLUMNS) {
    const columns = min(COLUMNS, lastColumn - n0)
    const panels = starts + panelsBytes(1, columns)
    const c = out + ((<usize>n0) << 2)
    // At least one pass, so that k = 0 leaves the bias.
    for (let k0 = 0; k0 == 0 || k0 < k; k0 += block) {
      const depth = min(block, k - k0)
      if (transposeB) packColumns(b + ((<usize>n0 * k + k0) << 2), (<usize>k) << 2, depth, columns, panels)
      else packRows(b + ((<usize>k0 * n + n0) << 2), row, depth, columns, panels)
      const biased = bias != 0 && k0 == 0
      if (biased) packRows(bias + ((<usize>n0) << 2), 0, 1, columns, starts)
      const start = biased ? starts : zeros
      const startStep = biased ? panelBytes(1) : 0
      const add = accumulate || k0 > 0
      if (transposeA) {
        const tiles = panels + panelsBytes(depth, columns)
        const tile = tileBytes(depth)
        for (let m0 = firstRow; m0 < lastRow; m0 += ROWS_PACKED) {
          const end = min(lastRow, m0 + ROWS_PACKED)
          packTransposedA(a + ((<usize>k0 * m + m0) << 2), (<usize>m) << 2, end - m0, depth, tiles)
          for (let i = m0; i < end; i += ROWS) {
            multiplyColumns(
              min(ROWS, end - i),
              columns,
              depth,
              tiles + <usize>((i - m0) >> 2) * tile,
              16,
              tile,
              panels,
              panelBytes(depth),
              start,
              startStep,
              c + <usize>i * row,
              row,
              add,
              scratch,
            )
          }
        }
      } else {
        for (let i = firstRow; i < lastRow; i += ROWS) {
          multiplyRows(
            min(ROWS, lastRow - i),
            columns,
            depth,
            a + ((<usize>i * k + k0) << 2),
            (<usize>k) << 2,
            panels,
            panelBytes(depth),
            start,
            startStep,
            c + <usize>i * row,
            row,
            add,
            scratch,
          )
        }
      }
    }
  }
}
