// Panels of B for the tile: for each k eight consecutive columns, zero beyond the last. Reading them is then one
// sequential stream, whatever the matrix's own row length, and edges need no case of their own.

/**
 * Bytes from one panel of depth k to the next. A cache line of padding keeps the panels, written side by side, from
 * falling into the same sets of the cache.
 */
@inline
export function panelBytes(k: i32): usize {
  return ((<usize>k) << 5) + 64
}

/** Bytes of the panels of a k × n matrix. */
@inline
export function panelsBytes(k: i32, n: i32): usize {
  return <usize>((n + 7) >> 3) * panelBytes(k)
}

/** Copies eight floats. */
@inline
function copyEight(source: usize, target: usize, offset: usize): void {
  v128.store(target + offset, v128.load(source))
  v128.store(target + offset, v128.load(source, 16), 16)
}

/** The last, narrower panel of `columns` columns. */
function packLastRows(b: usize, row: usize, k: i32, columns: i32, panel: usize): void {
  const end = panel + ((<usize>k) << 5)
  for (; panel < end; panel += 32, b += row) {
    v128.store(panel, f32x4.splat(0))
    v128.store(panel, f32x4.splat(0), 16)
    for (let q: usize = 0; q < (<usize>columns) << 2; q += 4) f32.store(panel + q, f32.load(b + q))
  }
}

/**
 * From B stored k × n, rows `row` bytes apart. Whole rows are read, two at a time: memory is read in sequence, and a
 * cache line of a panel is written at once.
 */
export function packRows(b: usize, row: usize, k: i32, n: i32, panels: usize): void {
  const step = panelBytes(k)
  const whole = (<usize>(n & ~7)) << 2
  if (n & 7) packLastRows(b + whole, row, k, n & 7, panels + <usize>(n >> 3) * step)
  for (let l = 0; l + 2 <= k; l += 2) {
    let panel = panels + ((<usize>l) << 5)
    for (let source = b; source < b + whole; source += 32, panel += step) {
      copyEight(source, panel, 0)
      copyEight(source + row, panel, 32)
    }
    b += 2 * row
  }
  if (k & 1) {
    let panel = panels + ((<usize>(k - 1)) << 5)
    for (let source = b; source < b + whole; source += 32, panel += step) copyEight(source, panel, 0)
  }
}

/** Stores the transpose of the 4 × 4 block whose rows begin at `source`, `row` bytes apart, 32 bytes apart. */
@inline
function transposeBlock(source: usize, row: usize, target: usize): void {
  const r0 = v128.load(source),
    r1 = v128.load(source + row)
  const r2 = v128.load(source + 2 * row),
    r3 = v128.load(source + 3 * row)
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5),
    high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7)
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5),
    high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7)
  v128.store(target, v128.shuffle<f64>(low01, low23, 0, 2))
  v128.store(target, v128.shuffle<f64>(low01, low23, 1, 3), 32)
  v128.store(target, v128.shuffle<f64>(high01, high23, 0, 2), 64)
  v128.store(target, v128.shuffle<f64>(high01, high23, 1, 3), 96)
}

/** From B stored n × k (that is Bᵀ), rows `row` bytes apart. */
export function packColumns(b: usize, row: usize, k: i32, n: i32, panels: usize): void {
  for (let j = 0; j < n; j += 8) {
    const columns = min(8, n - j)
    const source = b + <usize>j * row
    const blocked = columns == 8 ? k & ~3 : 0
    for (let l: usize = 0; l < <usize>blocked; l += 4) {
      transposeBlock(source + (l << 2), row, panels + (l << 5))
      transposeBlock(source + 4 * row + (l << 2), row, panels + (l << 5) + 16)
    }
    for (let l: usize = <usize>blocked; l < <usize>k; l++) {
      for (let r: usize = 0; r < 8; r++) {
        f32.store(panels + (l << 5) + (r << 2), r < <usize>columns ? f32.load(source + r * row + (l << 2)) : 0)
      }
    }
    panels += panelBytes(k)
  }
}

/** As `panelBytes`, for tiles of four rows of A. */
@inline
export function tileBytes(k: i32): usize {
  return ((<usize>k) << 4) + 64
}

/**
 * Four rows of A side by side for each k, from A stored k × m (that is Aᵀ). Without the copy the tile would stride
 * through memory by whole rows. The last tile may read up to three floats past a row, which are not used.
 */
export function packTransposedA(a: usize, row: usize, m: i32, k: i32, tiles: usize): void {
  const step = tileBytes(k)
  const width = (<usize>((m + 3) & ~3)) << 2
  for (let l = 0; l < k; l++, a += row, tiles += 16) {
    let tile = tiles
    for (let source = a; source < a + width; source += 16, tile += step) v128.store(tile, v128.load(source))
  }
}
