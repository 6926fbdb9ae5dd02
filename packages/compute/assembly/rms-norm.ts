import { BLOCK } from './row-blocks'
import { multiplyAdd, paddedBytes, sumLanes, zeroFloats } from './simd'

/** y = g·x·r; r = 1/√(mean x² + ε) goes to `statistics`. f32 sums in four lanes. */
export function rmsNorm(
  from: i32,
  to: i32,
  columns: i32,
  x: usize,
  gain: usize,
  out: usize,
  statistics: usize,
  epsilon: f32,
): void {
  const vectors = (<usize>(columns & ~3)) << 2
  const width = (<usize>columns) << 2
  for (let i = <usize>from; i < <usize>to; i++) {
    const row = x + i * width
    const y = out + i * width
    let squares = f32x4.splat(0)
    for (let j: usize = 0; j < vectors; j += 16) {
      const v = v128.load(row + j)
      squares = multiplyAdd(v, v, squares)
    }
    let square = sumLanes(squares)
    for (let j = vectors; j < width; j += 4) square += f32.load(row + j) * f32.load(row + j)
    const r: f32 = 1 / sqrt(square / <f32>columns + epsilon)
    const rs = f32x4.splat(r)
    for (let j: usize = 0; j < vectors; j += 16) {
      v128.store(y + j, f32x4.mul(f32x4.mul(v128.load(row + j), rs), v128.load(gain + j)))
    }
    for (let j = vectors; j < width; j += 4) f32.store(y + j, f32.load(row + j) * r * f32.load(gain + j))
    f32.store(statistics + (i << 2), r)
  }
}

/**
 * With d = g·∂y and x̂ = x·r: ∂x += r·(d − x̂·mean(d·x̂)). The sum Σ ∂y·x̂ of every block of rows, for the gain, goes
 * to `blocks`. `from` is a multiple of the block.
 */
export function rmsNormBackward(
  from: i32,
  to: i32,
  columns: i32,
  x: usize,
  gain: usize,
  statistics: usize,
  gradOut: usize,
  gradX: usize,
  blocks: usize,
): void {
  const vectors = (<usize>(columns & ~3)) << 2
  const width = (<usize>columns) << 2
  for (let i = <usize>from; i < <usize>to; i++) {
    const part = blocks + (i / <usize>BLOCK) * paddedBytes(columns)
    if (i % <usize>BLOCK == 0) zeroFloats(part, columns)
    const row = x + i * width
    const gradRow = gradOut + i * width
    const r = f32.load(statistics + (i << 2))
    const rs = f32x4.splat(r)
    let sums = f32x4.splat(0)
    for (let j: usize = 0; j < vectors; j += 16) {
      const product = f32x4.mul(v128.load(gradRow + j), f32x4.mul(v128.load(row + j), rs))
      sums = multiplyAdd(product, v128.load(gain + j), sums)
      v128.store(part + j, f32x4.add(v128.load(part + j), product))
    }
    let sum = sumLanes(sums)
    for (let j = vectors; j < width; j += 4) {
      const product = f32.load(gradRow + j) * (f32.load(row + j) * r)
      sum += product * f32.load(gain + j)
      f32.store(part + j, f32.load(part + j) + product)
    }
    const mean = sum / <f32>columns
    const means = f32x4.splat(mean)
    const target = gradX + i * width
    for (let j: usize = 0; j < vectors; j += 16) {
      const d = f32x4.mul(v128.load(gradRow + j), v128.load(gain + j))
      const g = f32x4.sub(d, f32x4.mul(f32x4.mul(v128.load(row + j), rs), means))
      v128.store(target + j, multiplyAdd(g, rs, v128.load(target + j)))
    }
    for (let j = vectors; j < width; j += 4) {
      const d = f32.load(gradRow + j) * f32.load(gain + j)
      f32.store(target + j, f32.load(target + j) + r * (d - f32.load(row + j) * r * mean))
    }
  }
}
