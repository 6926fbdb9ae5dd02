import { multiplyAdd } from './simd'

// The heart of every product: 4 × 8 values of C kept in eight registers while k runs. Eight accumulators, two vectors
// of B and one of A fit the sixteen vector registers of x86-64; larger tiles spill, smaller ones wait for memory.
//
// B comes as a packed panel: for each k eight consecutive columns. `start` points at the eight values that the
// accumulators begin with (a bias, or zeros).

/** Room for one tile, which `multiplyRows` and `multiplyColumns` need at `spill`. */
export const SPILL_BYTES: usize = 4 * 8 * 4

/** Adds to C or replaces it. */
@inline
function put(c: usize, offset: usize, value: v128, accumulate: bool): void {
  v128.store(c + offset, accumulate ? f32x4.add(v128.load(c + offset), value) : value)
}

/** Moves the part of a tile that lies inside C: edges are computed whole, beside C. */
function putPart(tile: usize, c: usize, cRow: usize, rows: i32, columns: i32, accumulate: bool): void {
  for (let r = 0; r < rows; r++) {
    for (let q: usize = 0; q < (<usize>columns) << 2; q += 4) {
      const value = f32.load(tile + q)
      f32.store(c + q, accumulate ? f32.load(c + q) + value : value)
    }
    tile += 32
    c += cRow
  }
}

/**
 * C (m × n) from A with rows in memory (`aRow` bytes apart) and packed panels of B.
 * `startStep` is 32 for a bias and 0 for a constant start.
 */
export function multiplyRows(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  aRow: usize,
  panels: usize,
  panelBytes: usize,
  start: usize,
  startStep: usize,
  c: usize,
  cRow: usize,
  accumulate: bool,
  spill: usize,
): void {
  for (let j = 0; j < n; j += 8) {
    const columns = min(8, n - j)
    for (let i = 0; i < m; i += 4) {
      const rows = min(4, m - i)
      const whole = rows == 4 && columns == 8
      // Rows beyond the last repeat it: their results are computed and left behind in `spill`.
      let a0 = a + <usize>i * aRow
      let a1 = rows > 1 ? a0 + aRow : a0
      let a2 = rows > 2 ? a1 + aRow : a1
      let a3 = rows > 3 ? a2 + aRow : a2
      const begin0 = v128.load(start),
        begin1 = v128.load(start, 16)
      let c00 = begin0,
        c01 = begin1,
        c10 = begin0,
        c11 = begin1
      let c20 = begin0,
        c21 = begin1,
        c30 = begin0,
        c31 = begin1
      let b = panels
      const last = a0 + ((<usize>k) << 2)
      while (a0 < last) {
        const b0 = v128.load(b),
          b1 = v128.load(b, 16)
        let x = v128.load32_splat(a0)
        c00 = multiplyAdd(x, b0, c00)
        c01 = multiplyAdd(x, b1, c01)
        x = v128.load32_splat(a1)
        c10 = multiplyAdd(x, b0, c10)
        c11 = multiplyAdd(x, b1, c11)
        x = v128.load32_splat(a2)
        c20 = multiplyAdd(x, b0, c20)
        c21 = multiplyAdd(x, b1, c21)
        x = v128.load32_splat(a3)
        c30 = multiplyAdd(x, b0, c30)
        c31 = multiplyAdd(x, b1, c31)
        a0 += 4
        a1 += 4
        a2 += 4
        a3 += 4
        b += 32
      }
      const target = c + <usize>i * cRow + ((<usize>j) << 2)
      const row: usize = whole ? cRow : 32
      const t = whole ? target : spill
      const add = whole && accumulate
      put(t, 0, c00, add)
      put(t, 16, c01, add)
      put(t + row, 0, c10, add)
      put(t + row, 16, c11, add)
      put(t + 2 * row, 0, c20, add)
      put(t + 2 * row, 16, c21, add)
      put(t + 3 * row, 0, c30, add)
      put(t + 3 * row, 16, c31, add)
      if (!whole) putPart(spill, target, cRow, rows, columns, accumulate)
    }
    panels += panelBytes
    start += startStep
  }
}

/**
 * C (m × n) from A with four consecutive rows side by side for each k: `aStep` bytes lead to the next k and `aTile`
 * bytes to the next four rows. That is Aᵀ as it lies in memory, or a packed copy of it.
 */
export function multiplyColumns(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  aStep: usize,
  aTile: usize,
  panels: usize,
  panelBytes: usize,
  start: usize,
  startStep: usize,
  c: usize,
  cRow: usize,
  accumulate: bool,
  spill: usize,
): void {
  for (let j = 0; j < n; j += 8) {
    const columns = min(8, n - j)
    let tile = a
    for (let i = 0; i < m; i += 4) {
      const rows = min(4, m - i)
      const whole = rows == 4 && columns == 8
      const begin0 = v128.load(start),
        begin1 = v128.load(start, 16)
      let c00 = begin0,
        c01 = begin1,
        c10 = begin0,
        c11 = begin1
      let c20 = begin0,
        c21 = begin1,
        c30 = begin0,
        c31 = begin1
      let p = tile
      let b = panels
      const last = b + ((<usize>k) << 5)
      while (b < last) {
        const b0 = v128.load(b),
          b1 = v128.load(b, 16)
        let x = v128.load32_splat(p)
        c00 = multiplyAdd(x, b0, c00)
        c01 = multiplyAdd(x, b1, c01)
        x = v128.load32_splat(p, 4)
        c10 = multiplyAdd(x, b0, c10)
        c11 = multiplyAdd(x, b1, c11)
        x = v128.load32_splat(p, 8)
        c20 = multiplyAdd(x, b0, c20)
        c21 = multiplyAdd(x, b1, c21)
        x = v128.load32_splat(p, 12)
        c30 = multiplyAdd(x, b0, c30)
        c31 = multiplyAdd(x, b1, c31)
        p += aStep
        b += 32
      }
      const target = c + <usize>i * cRow + ((<usize>j) << 2)
      const row: usize = whole ? cRow : 32
      const t = whole ? target : spill
      const add = whole && accumulate
      put(t, 0, c00, add)
      put(t, 16, c01, add)
      put(t + row, 0, c10, add)
      put(t + row, 16, c11, add)
      put(t + 2 * row, 0, c20, add)
      put(t + 2 * row, 16, c21, add)
      put(t + 3 * row, 0, c30, add)
      put(t + 3 * row, 16, c31, add)
      if (!whole) putPart(spill, target, cRow, rows, columns, accumulate)
      tile += aTile
    }
    panels += panelBytes
    start += startStep
  }
}
