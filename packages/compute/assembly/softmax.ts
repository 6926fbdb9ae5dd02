import { LOG2_E, maxLanes, pow2, sumLanes } from './simd'

/**
 * target = exp((x − max x)·scale) over a row of scratch memory, and Σ of it. The row's `count` values are padded with
 * −∞ (weight 0) to a whole vector, so `row` and `target` need room for that. The weights' relative error is at most
 * 2e-7 + 1e-7·|log weight|, from rounding the exponent to f32.
 */
@inline
export function exponentials(row: usize, target: usize, count: i32, scale: f32): f32 {
  const end = row + ((<usize>((count + 3) & ~3)) << 2)
  for (let p = row + ((<usize>count) << 2); p < end; p += 4) f32.store(p, -Infinity)
  let largest = f32x4.splat(-Infinity)
  for (let p = row; p < end; p += 16) largest = f32x4.pmax(largest, v128.load(p))
  const max = f32x4.splat(maxLanes(largest))
  const scales = f32x4.splat(scale * LOG2_E)
  let sum = f32x4.splat(0)
  for (let p = row; p < end; p += 16, target += 16) {
    const e = pow2(f32x4.mul(f32x4.sub(v128.load(p), max), scales))
    v128.store(target, e)
    sum = f32x4.add(sum, e)
  }
  return sumLanes(sum)
}
