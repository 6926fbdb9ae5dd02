// Panels of B for the tile: for each k eight consecutive columns, zero beyond the last. Reading them is then one
// sequential stream, whatever the matrix's own row length, and edges need no case of their own.

/** Bytes of the panels of a k × n matrix. */
@inline
export function panelsBytes(k: i32, n: i32): usize {
  return (<usize>((n + 7) & ~7) * <usize>k) << 2
}

/**
 * From B stored k × n, rows `row` bytes apart. Four panels at a time where there are four: that reads whole cache lines
 * and touches each row, often a page away from the last, a quarter as often.
 */
export function packRows(b: usize, row: usize, k: i32, n: i32, panels: usize): void {
  const panelBytes = <usize>k << 5
  let j = 0
  for (; j + 32 <= n; j += 32) {
    let source = b + (<usize>j << 2)
    const end = panels + panelBytes
    for (let p0 = panels; p0 < end; p0 += 32, source += row) {
      const p1 = p0 + panelBytes
      const p2 = p1 + panelBytes
      const p3 = p2 + panelBytes
      v128.store(p0, v128.load(source))
      v128.store(p0, v128.load(source, 16), 16)
      v128.store(p1, v128.load(source, 32))
      v128.store(p1, v128.load(source, 48), 16)
      v128.store(p2, v128.load(source, 64))
      v128.store(p2, v128.load(source, 80), 16)
      v128.store(p3, v128.load(source, 96))
      v128.store(p3, v128.load(source, 112), 16)
    }
    panels += 4 * panelBytes
  }
  for (; j < n; j += 8) {
    const columns = n - j
    let source = b + (<usize>j << 2)
    const end = panels + panelBytes
    if (columns >= 8) {
      for (; panels < end; panels += 32, source += row) {
        v128.store(panels, v128.load(source))
        v128.store(panels, v128.load(source, 16), 16)
      }
    } else {
      for (; panels < end; panels += 32, source += row) {
        v128.store(panels, f32x4.splat(0))
        v128.store(panels, f32x4.splat(0), 16)
        for (let q: usize = 0; q < <usize>columns << 2; q += 4) f32.store(panels + q, f32.load(source + q))
      }
    }
  }
}

/** Stores the transpose of the 4 × 4 block whose rows begin at `source`, `row` bytes apart; rows land 32 bytes apart. */
@inline
function transposeBlock(source: usize, row: usize, target: usize): void {
  const r0 = v128.load(source), r1 = v128.load(source + row)
  const r2 = v128.load(source + 2 * row), r3 = v128.load(source + 3 * row)
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7)
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5), high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7)
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
    panels += <usize>k << 5
  }
}

/**
 * Four rows of A side by side for each k, from A stored k × m (that is Aᵀ), four such tiles at a time. Without the copy
 * the tile would stride through memory by whole rows. The last tile may read up to three floats past a row; they are
 * not used.
 */
export function packTransposedA(a: usize, row: usize, m: i32, k: i32, target: usize): void {
  const tileBytes = <usize>k << 4
  let i = 0
  for (; i + 16 <= m; i += 16) {
    let source = a + (<usize>i << 2)
    const end = target + tileBytes
    for (let t0 = target; t0 < end; t0 += 16, source += row) {
      const t1 = t0 + tileBytes
      const t2 = t1 + tileBytes
      v128.store(t0, v128.load(source))
      v128.store(t1, v128.load(source, 16))
      v128.store(t2, v128.load(source, 32))
      v128.store(t2 + tileBytes, v128.load(source, 48))
    }
    target += 4 * tileBytes
  }
  for (; i < m; i += 4) {
    let source = a + (<usize>i << 2)
    const end = target + tileBytes
    for (; target < end; target += 16, source += row) v128.store(target, v128.load(source))
  }
}
