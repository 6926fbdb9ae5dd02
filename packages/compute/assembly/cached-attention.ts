import { copyFloats, multiplyAdd, paddedBytes } from './simd'
import { exponentials } from './softmax'

// Keys and values are read row by row, all heads of a row before the next: memory is read in sequence. The scores of
// all heads are kept for that, a row of them for each head.

export function cachedAttentionScratchBytes(capacity: i32, heads: i32): usize {
  return <usize>heads * paddedBytes(capacity) + paddedBytes(heads)
}

/** The sums of the lanes of four vectors, as one vector. */
@inline
function sumLanesOfFour(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7))
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7))
  return f32x4.add(v128.shuffle<f64>(ab, cd, 0, 2), v128.shuffle<f64>(ab, cd, 1, 3))
}

/** Scores of four keys: q·k for one head. Beyond the last key, the caller repeats it. */
@inline
function scoreFour(q: usize, k: usize, k1: usize, k2: usize, k3: usize, headSize: i32): v128 {
  const vectors = (<usize>(headSize & ~3)) << 2
  const end = (<usize>headSize) << 2
  let s0 = f32x4.splat(0),
    s1 = f32x4.splat(0),
    s2 = f32x4.splat(0),
    s3 = f32x4.splat(0)
  for (let d: usize = 0; d < vectors; d += 16) {
    const x = v128.load(q + d)
    s0 = multiplyAdd(x, v128.load(k + d), s0)
    s1 = multiplyAdd(x, v128.load(k1 + d), s1)
    s2 = multiplyAdd(x, v128.load(k2 + d), s2)
    s3 = multiplyAdd(x, v128.load(k3 + d), s3)
  }
  let sums = sumLanesOfFour(s0, s1, s2, s3)
  for (let d = vectors; d < end; d += 4) {
    let column = v128.load32_zero(k + d)
    column = v128.load_lane<f32>(k1 + d, column, 1)
    column = v128.load_lane<f32>(k2 + d, column, 2)
    column = v128.load_lane<f32>(k3 + d, column, 3)
    sums = multiplyAdd(v128.load32_splat(q + d), column, sums)
  }
  return sums
}

/** scores[h][t] = q_h·k_t for `count` keys, `row` bytes apart, which `group` consecutive heads share. */
@inline
function scoreKeys(
  heads: i32,
  group: i32,
  headSize: i32,
  q: usize,
  k: usize,
  row: usize,
  count: i32,
  scores: usize,
  scoresRow: usize,
): void {
  const head = (<usize>headSize) << 2
  for (let t = 0; t < count; t += 4) {
    const k1 = t + 1 < count ? k + row : k
    const k2 = t + 2 < count ? k1 + row : k1
    const k3 = t + 3 < count ? k2 + row : k2
    const target = scores + ((<usize>t) << 2)
    for (let h = 0; h < heads; h++) {
      const shared = <usize>(h / group) * head
      const four = scoreFour(q + <usize>h * head, k + shared, k1 + shared, k2 + shared, k3 + shared, headSize)
      v128.store(target + <usize>h * scoresRow, four)
    }
    k = k3 + row
  }
}

/** Values that are added up before the sums go back to memory: their rows stay in the first-level cache meanwhile. */
const VALUES: i32 = 16

/** out_h = Σ_t weights[h][t]·v_t · factors[h] over `count` values, `row` bytes apart. */
@inline
function sumValues(
  heads: i32,
  group: i32,
  headSize: i32,
  weights: usize,
  weightsRow: usize,
  factors: usize,
  v: usize,
  row: usize,
  count: i32,
  out: usize,
): void {
  const vectors = headSize & ~7
  for (let t = 0; t < count; t += VALUES) {
    const first = t == 0
    const last = t + VALUES >= count
    const size = (<usize>min(VALUES, count - t)) << 2
    for (let h = 0; h < heads; h++) {
      const begin = weights + <usize>h * weightsRow + ((<usize>t) << 2)
      const end = begin + size
      const factor = f32.load(factors + ((<usize>h) << 2))
      const scales = f32x4.splat(factor)
      let source = v + <usize>(((h / group) * headSize) << 2)
      let target = out + <usize>((h * headSize) << 2)
      for (let d = 0; d < vectors; d += 8, source += 32, target += 32) {
        let s0 = first ? f32x4.splat(0) : v128.load(target),
          s1 = first ? f32x4.splat(0) : v128.load(target, 16)
        for (let w = begin, p = source; w < end; w += 4, p += row) {
          const x = v128.load32_splat(w)
          s0 = multiplyAdd(x, v128.load(p), s0)
          s1 = multiplyAdd(x, v128.load(p, 16), s1)
        }
        v128.store(target, last ? f32x4.mul(s0, scales) : s0)
        v128.store(target, last ? f32x4.mul(s1, scales) : s1, 16)
      }
      for (let d = vectors; d < headSize; d++, source += 4, target += 4) {
        let sum: f32 = first ? 0 : f32.load(target)
        for (let w = begin, p = source; w < end; w += 4, p += row) sum += f32.load(w) * f32.load(p)
        f32.store(target, last ? sum * factor : sum)
      }
    }
    v += <usize>VALUES * row
  }
}

/**
 * Writes the new token's keys and values to its slot and attends to all slots up to it. f32 accumulators. Keys and
 * values may be shared by a group of consecutive heads.
 */
export function cachedAttention(
  from: i32,
  to: i32,
  heads: i32,
  keyValueHeads: i32,
  headSize: i32,
  capacity: i32,
  qkv: usize,
  keys: usize,
  values: usize,
  positions: usize,
  out: usize,
  scratch: usize,
): void {
  const group = heads / keyValueHeads
  const width = (<usize>(heads * headSize)) << 2
  const row = (<usize>(keyValueHeads * headSize)) << 2
  const scoresRow = paddedBytes(capacity)
  const factors = scratch + <usize>heads * scoresRow
  const scale: f32 = 1 / sqrt(<f32>headSize)
  for (let b = <usize>from; b < <usize>to; b++) {
    const count = i32.load(positions + (b << 2)) + 1
    const token = qkv + b * (width + 2 * row)
    const k = keys + b * <usize>capacity * row
    const v = values + b * <usize>capacity * row
    copyFloats(token + width, k + <usize>(count - 1) * row, keyValueHeads * headSize)
    copyFloats(token + width + row, v + <usize>(count - 1) * row, keyValueHeads * headSize)
    scoreKeys(heads, group, headSize, token, k, row, count, scratch, scoresRow)
    for (let h: usize = 0; h < <usize>heads; h++) {
      const scores = scratch + h * scoresRow
      f32.store(factors + (h << 2), 1 / exponentials(scores, scores, count, scale))
    }
    sumValues(heads, group, headSize, scratch, scoresRow, factors, v, row, count, out + b * width)
  }
}
