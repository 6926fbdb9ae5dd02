import { packColumns, packRows, panelBytes, panelsBytes } from './pack'
import { paddedBytes, sumLanes, zeroFloats } from './simd'
import { exponentials } from './softmax'
import { multiplyColumns, multiplyRows, SPILL_BYTES } from './tile'

// Attention is its own kernel rather than many products: the operands of a head are packed once, only the blocks on
// and below the diagonal are computed, and a block's scores stay in the cache from product to softmax to product.

export function attentionScratchBytes(length: i32, headSize: i32): usize {
  const rows = max(length, 4)
  return (
    SPILL_BYTES +
    32 +
    3 * panelsBytes(rows, headSize) +
    panelsBytes(headSize, rows) +
    paddedBytes(rows + 3, 8) * <usize>(rows + 3)
  )
}

/** A row of P: the weights of `count` keys divided by their sum, 0 from there to `length`. */
@inline
function normalise(weights: usize, p: usize, count: i32, length: i32, sum: f32): void {
  const inverse: f32 = 1 / sum
  const inverses = f32x4.splat(inverse)
  const vectors = (<usize>(count & ~3)) << 2
  const end = (<usize>count) << 2
  for (let j: usize = 0; j < vectors; j += 16) v128.store(p + j, f32x4.mul(v128.load(weights + j), inverses))
  for (let j = vectors; j < end; j += 4) f32.store(p + j, f32.load(weights + j) * inverse)
  zeroFloats(p + end, length - count)
}

/**
 * P = softmax(Q·Kᵀ/√d) below the diagonal, out = P·V, f32 accumulators. The range is of the batch · keyValueHeads
 * sets of keys and values, each of which serves a group of heads / keyValueHeads consecutive heads.
 */
export function attention(
  from: i32,
  to: i32,
  length: i32,
  heads: i32,
  keyValueHeads: i32,
  headSize: i32,
  qkv: usize,
  out: usize,
  probabilities: usize,
  scratch: usize,
): void {
  const group = heads / keyValueHeads
  const width = (<usize>(heads * headSize)) << 2
  const shared = (<usize>(keyValueHeads * headSize)) << 2
  const row = width + 2 * shared
  const zeros = scratch + SPILL_BYTES
  zeroFloats(zeros, 8)
  const keys = zeros + 32
  const values = keys + panelsBytes(headSize, length)
  const scores = values + panelsBytes(length, headSize)
  const scoresRow = paddedBytes(length, 8)
  const keyPanel = panelBytes(headSize)
  const valuePanel = panelBytes(length)
  const pRow = (<usize>length) << 2
  const scale: f32 = 1 / sqrt(<f32>headSize)
  for (let sequence = from * group; sequence < to * group; sequence++) {
    const b = sequence / heads
    const h = sequence % heads
    const head = (<usize>(h * headSize)) << 2
    const tokens = qkv + <usize>b * <usize>length * row
    const q = tokens + head
    const o = out + <usize>b * <usize>length * width + head
    const p = probabilities + <usize>sequence * <usize>length * pRow
    if (h % group == 0) {
      const k = tokens + width + ((<usize>((h / group) * headSize)) << 2)
      packColumns(k, row, headSize, length, keys)
      packRows(k + shared, row, length, headSize, values)
    }
    for (let i = 0; i < length; i += 4) {
      const rows = min(4, length - i)
      const limit = i + rows
      multiplyRows(
        rows,
        (limit + 7) & ~7,
        headSize,
        q + <usize>i * row,
        row,
        keys,
        keyPanel,
        zeros,
        0,
        scores,
        scoresRow,
        false,
        scratch,
      )
      for (let r = 0; r < rows; r++) {
        const s = scores + <usize>r * scoresRow
        const sum = exponentials(s, s, i + r + 1, scale)
        normalise(s, p + <usize>(i + r) * pRow, i + r + 1, length, sum)
      }
      multiplyRows(
        rows,
        headSize,
        limit,
        p + <usize>i * pRow,
        pRow,
        values,
        valuePanel,
        zeros,
        0,
        o + <usize>i * width,
        width,
        false,
        scratch,
      )
    }
  }
}

/** ∂S = P∘(∂P − Σ P∘∂P)·scale for one query row, in place of ∂P; 0 from `count` to `padded`. */
@inline
function scoreGradient(p: usize, dP: usize, count: i32, padded: i32, scale: f32): void {
  const vectors = (<usize>(count & ~3)) << 2
  const end = (<usize>count) << 2
  let sum: f32 = 0
  let sums = f32x4.splat(0)
  for (let j: usize = 0; j < vectors; j += 16) {
    sums = f32x4.add(sums, f32x4.mul(v128.load(p + j), v128.load(dP + j)))
  }
  for (let j = vectors; j < end; j += 4) sum += f32.load(p + j) * f32.load(dP + j)
  sum += sumLanes(sums)
  const mean = f32x4.splat(sum)
  const scales = f32x4.splat(scale)
  for (let j: usize = 0; j < vectors; j += 16) {
    const d = f32x4.mul(v128.load(p + j), f32x4.sub(v128.load(dP + j), mean))
    v128.store(dP + j, f32x4.mul(d, scales))
  }
  for (let j = vectors; j < end; j += 4) f32.store(dP + j, f32.load(p + j) * (f32.load(dP + j) - sum) * scale)
  zeroFloats(dP + end, padded - count)
}

/**
 * ∂V = Pᵀ·∂O; ∂P = ∂O·Vᵀ; ∂S as above; ∂Q = ∂S·K; ∂K = ∂Sᵀ·Q, over the same range as `attention`. ∂K and ∂V are sums
 * over the heads of a group, in their order.
 */
export function attentionBackward(
  from: i32,
  to: i32,
  length: i32,
  heads: i32,
  keyValueHeads: i32,
  headSize: i32,
  qkv: usize,
  probabilities: usize,
  gradOut: usize,
  gradQkv: usize,
  scratch: usize,
): void {
  const group = heads / keyValueHeads
  const width = (<usize>(heads * headSize)) << 2
  const shared = (<usize>(keyValueHeads * headSize)) << 2
  const row = width + 2 * shared
  const zeros = scratch + SPILL_BYTES
  zeroFloats(zeros, 8)
  const valuesTransposed = zeros + 32
  const rowPanels = panelsBytes(length, headSize)
  const outPanels = valuesTransposed + panelsBytes(headSize, length)
  const keyPanels = outPanels + rowPanels
  const queryPanels = keyPanels + rowPanels
  const dS = queryPanels + rowPanels
  const dSRow = paddedBytes(length, 8)
  const keyPanel = panelBytes(headSize)
  const rowPanel = panelBytes(length)
  const scale: f32 = 1 / sqrt(<f32>headSize)
  const pRow = (<usize>length) << 2
  for (let sequence = from * group; sequence < to * group; sequence++) {
    const b = sequence / heads
    const h = sequence % heads
    const head = (<usize>(h * headSize)) << 2
    const tokens = <usize>b * <usize>length * row
    const key = tokens + width + ((<usize>((h / group) * headSize)) << 2)
    const first = h % group == 0
    const q = qkv + tokens + head
    const dQ = gradQkv + tokens + head
    const dK = gradQkv + key
    const dO = gradOut + <usize>b * <usize>length * width + head
    const p = probabilities + <usize>sequence * <usize>length * pRow
    if (first) {
      packColumns(qkv + key + shared, row, headSize, length, valuesTransposed)
      packRows(qkv + key, row, length, headSize, keyPanels)
    }
    packRows(dO, width, length, headSize, outPanels)
    packRows(q, row, length, headSize, queryPanels)
    for (let i = 0; i < length; i += 4) {
      const rows = min(4, length - i)
      const limit = i + rows
      const d = dS + <usize>i * dSRow
      multiplyRows(
        rows,
        (limit + 7) & ~7,
        headSize,
        dO + <usize>i * width,
        width,
        valuesTransposed,
        keyPanel,
        zeros,
        0,
        d,
        dSRow,
        false,
        scratch,
      )
      for (let r = 0; r < rows; r++) {
        scoreGradient(p + <usize>(i + r) * pRow, d + <usize>r * dSRow, i + r + 1, i + 4, scale)
      }
      multiplyRows(
        rows,
        headSize,
        limit,
        d,
        dSRow,
        keyPanels,
        rowPanel,
        zeros,
        0,
        dQ + <usize>i * row,
        row,
        false,
        scratch,
      )
    }
    // Key j is seen by the queries from j on: the products over queries begin at the diagonal.
    for (let j = 0; j < length; j += 4) {
      const rows = min(4, length - j)
      const at = <usize>j
      multiplyColumns(
        rows,
        headSize,
        length - j,
        dS + at * dSRow + (at << 2),
        dSRow,
        0,
        queryPanels + (at << 5),
        rowPanel,
        zeros,
        0,
        dK + at * row,
        row,
        !first,
        scratch,
      )
      multiplyColumns(
        rows,
        headSize,
        length - j,
        p + at * pRow + (at << 2),
        pRow,
        0,
        outPanels + (at << 5),
        rowPanel,
        zeros,
        0,
        dK + shared + at * row,
        row,
        !first,
        scratch,
      )
    }
  }
}
