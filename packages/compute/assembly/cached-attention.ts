import { copyFloats, multiplyAdd, paddedBytes, sumLanes } from './simd'
import { exponentials } from './softmax'

export function cachedAttentionScratchBytes(capacity: i32): usize {
  return paddedBytes(capacity)
}

/** q·k over `count` floats. */
@inline
function dot(q: usize, k: usize, count: i32): f32 {
  const vectors = q + (<usize>(count & ~3) << 2)
  const end = q + (<usize>count << 2)
  let sums = f32x4.splat(0)
  for (; q < vectors; q += 16, k += 16) sums = multiplyAdd(v128.load(q), v128.load(k), sums)
  let sum = sumLanes(sums)
  for (; q < end; q += 4, k += 4) sum += f32.load(q) * f32.load(k)
  return sum
}

/** Writes the new token's keys and values to its slot and attends to all slots up to it. f32 accumulators. */
export function cachedAttention(
  batch: i32, heads: i32, headSize: i32, capacity: i32,
  qkv: usize, keys: usize, values: usize, positions: usize, out: usize, scratch: usize,
): void {
  const count = heads * headSize
  const width = <usize>count << 2
  const scale: f32 = 1 / sqrt(<f32>headSize)
  for (let b = 0; b < batch; b++) {
    const position = i32.load(positions + (<usize>b << 2))
    copyFloats(qkv + width, keys + <usize>position * width, count)
    copyFloats(qkv + 2 * width, values + <usize>position * width, count)
    for (let h = 0; h < heads; h++) {
      const head = <usize>(h * headSize) << 2
      let k = keys + head
      for (let t = 0; t <= position; t++, k += width) {
        f32.store(scratch + (<usize>t << 2), dot(qkv + head, k, headSize))
      }
      const sum = exponentials(scratch, scratch, position + 1, scale)
      const inverse: f32 = 1 / sum
      let d = 0
      for (; d + 4 <= headSize; d += 4) {
        const at = head + (<usize>d << 2)
        let v = values + at
        let sums = f32x4.splat(0)
        for (let t = 0; t <= position; t++, v += width) {
          sums = multiplyAdd(v128.load32_splat(scratch + (<usize>t << 2)), v128.load(v), sums)
        }
        v128.store(out + at, f32x4.mul(sums, f32x4.splat(inverse)))
      }
      for (; d < headSize; d++) {
        const at = head + (<usize>d << 2)
        let v = values + at
        let sum: f32 = 0
        for (let t = 0; t <= position; t++, v += width) sum += f32.load(scratch + (<usize>t << 2)) * f32.load(v)
        f32.store(out + at, sum * inverse)
      }
    }
    qkv += 3 * width
    out += width
    keys += <usize>capacity * width
    values += <usize>capacity * width
  }
}
