import { copyFloats, multiplyAdd, paddedBytes } from './simd'
import { exponentials } from './softmax'

export function cachedAttentionScratchBytes(capacity: i32): usize {
  return paddedBytes(capacity)
}

/** The sums of the lanes of four vectors, as one vector. */
@inline
function sumLanesOfFour(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7))
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7))
  return f32x4.add(v128.shuffle<f64>(ab, cd, 0, 2), v128.shuffle<f64>(ab, cd, 1, 3))
}

/** scores[t] = q·k_t for `count` keys, `row` bytes apart, four at a time; past the last key it is repeated. */
@inline
function scoreKeys(q: usize, k: usize, row: usize, count: i32, headSize: i32, scores: usize): void {
  const vectors = <usize>(headSize & ~3) << 2
  const end = <usize>headSize << 2
  for (let t = 0; t < count; t += 4) {
    const k1 = t + 1 < count ? k + row : k
    const k2 = t + 2 < count ? k1 + row : k1
    const k3 = t + 3 < count ? k2 + row : k2
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0)
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
    v128.store(scores, sums)
    scores += 16
    k = k3 + row
  }
}

/** out = Σ_t weights[t]·v_t · factor over `count` values, `row` bytes apart. */
@inline
function sumValues(weights: usize, v: usize, row: usize, count: i32, headSize: i32, factor: f32, out: usize): void {
  const last = weights + (<usize>count << 2)
  const factors = f32x4.splat(factor)
  let d = 0
  for (; d + 8 <= headSize; d += 8, v += 32, out += 32) {
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0)
    for (let w = weights, p = v; w < last; w += 4, p += row) {
      const x = v128.load32_splat(w)
      s0 = multiplyAdd(x, v128.load(p), s0)
      s1 = multiplyAdd(x, v128.load(p, 16), s1)
    }
    v128.store(out, f32x4.mul(s0, factors))
    v128.store(out, f32x4.mul(s1, factors), 16)
  }
  for (; d < headSize; d++, v += 4, out += 4) {
    let sum: f32 = 0
    for (let w = weights, p = v; w < last; w += 4, p += row) sum += f32.load(w) * f32.load(p)
    f32.store(out, sum * factor)
  }
}

/** Writes the new token's keys and values to its slot and attends to all slots up to it. f32 accumulators. */
export function cachedAttention(
  batch: i32, heads: i32, headSize: i32, capacity: i32,
  qkv: usize, keys: usize, values: usize, positions: usize, out: usize, scratch: usize,
): void {
  const floats = heads * headSize
  const width = <usize>floats << 2
  const scale: f32 = 1 / sqrt(<f32>headSize)
  for (let b = 0; b < batch; b++) {
    const position = i32.load(positions + (<usize>b << 2))
    copyFloats(qkv + width, keys + <usize>position * width, floats)
    copyFloats(qkv + 2 * width, values + <usize>position * width, floats)
    for (let head: usize = 0; head < width; head += <usize>headSize << 2) {
      scoreKeys(qkv + head, keys + head, width, position + 1, headSize, scratch)
      const sum = exponentials(scratch, scratch, position + 1, scale)
      sumValues(scratch, values + head, width, position + 1, headSize, 1 / sum, out + head)
    }
    qkv += 3 * width
    out += width
    keys += <usize>capacity * width
    values += <usize>capacity * width
  }
}
