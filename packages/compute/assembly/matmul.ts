import { packColumns, packRows, packTransposedA, panelsBytes } from './pack'
import { multiplyColumns, multiplyRows, SPILL_BYTES } from './tile'

// Blocks: a panel of B (KC × 8 floats) stays in the first-level cache while the rows of a block of A pass by; all
// panels of a block (KC × NC) stay in the second level.
const KC: i32 = 512
const MC: i32 = 64
const NC: i32 = 512

export function matmulScratchBytes(n: i32, k: i32): usize {
  const kc = min(k, KC)
  const nc = min((n + 7) & ~7, NC)
  return SPILL_BYTES + 32 + (<usize>nc << 2) + panelsBytes(kc, nc) + ((<usize>MC * <usize>kc) << 2)
}

/** Equal blocks of at most `most`, in multiples of 4, and never 0. */
@inline
function blockSize(total: i32, most: i32): i32 {
  const blocks = max(1, (total + most - 1) / most)
  return max(4, ((total + blocks - 1) / blocks + 3) & ~3)
}

/** out (m × n) = A·B + bias, or out += A·B + bias; `bias` is 0 where there is none. f32 accumulators. */
export function matmul(
  m: i32, n: i32, k: i32,
  a: usize, transposeA: bool,
  b: usize, transposeB: bool,
  out: usize, bias: usize, accumulate: bool,
  scratch: usize,
): void {
  const spill = scratch
  const zeros = spill + SPILL_BYTES
  const starts = zeros + 32
  v128.store(zeros, f32x4.splat(0))
  v128.store(zeros, f32x4.splat(0), 16)
  const kc = blockSize(k, KC)
  const outRow = <usize>n << 2
  for (let n0 = 0; n0 < n; n0 += NC) {
    const nc = min(NC, n - n0)
    const panels = starts + (<usize>((nc + 7) & ~7) << 2)
    // At least one pass, so that k = 0 leaves the bias.
    for (let k0 = 0; k0 == 0 || k0 < k; k0 += kc) {
      const depth = min(kc, k - k0)
      const packedA = panels + panelsBytes(depth, nc)
      if (transposeB) packColumns(b + ((<usize>n0 * k + k0) << 2), <usize>k << 2, depth, nc, panels)
      else packRows(b + ((<usize>k0 * n + n0) << 2), <usize>n << 2, depth, nc, panels)
      const biased = bias != 0 && k0 == 0
      if (biased) packRows(bias + (<usize>n0 << 2), 0, 1, nc, starts)
      const start = biased ? starts : zeros
      const startStep: usize = biased ? 32 : 0
      const add = accumulate || k0 > 0
      for (let m0 = 0; m0 < m; m0 += MC) {
        const mc = min(MC, m - m0)
        const c = out + ((<usize>m0 * n + n0) << 2)
        const panelBytes = <usize>depth << 5
        if (transposeA) {
          packTransposedA(a + ((<usize>k0 * m + m0) << 2), <usize>m << 2, mc, depth, packedA)
          multiplyColumns(mc, nc, depth, packedA, 16, <usize>depth << 4, panels, panelBytes,
            start, startStep, c, outRow, add, spill)
        } else {
          multiplyRows(mc, nc, depth, a + ((<usize>m0 * k + k0) << 2), <usize>k << 2, panels, panelBytes,
            start, startStep, c, outRow, add, spill)
        }
      }
    }
  }
}
