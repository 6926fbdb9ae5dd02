import { BLOCK } from './row-blocks'
import { multiplyAdd, paddedBytes, sumLanes, zeroFloats } from './simd'

/** y = g·(x − μ)·r + b; μ and r = 1/√(σ² + ε) go to `statistics`. Two passes, f32 sums in four lanes. */
export function layerNorm(
  from: i32,
  to: i32,
  columns: i32,
  x: usize,
  gain: usize,
  bias: usize,
  out: usize,
  statistics: usize,
  epsilon: f32,
): void {
  const vectors = (<usize>(columns & ~3)) << 2
  const width = (<usize>columns) << 2
  const share: f32 = 1 / <f32>columns
  x += <usize>from * width
  out += <usize>from * width
  statistics += (<usize>from) << 3
  for (let i = from; i < to; i++) {
    let sums = f32x4.splat(0)
    for (let j: usize = 0; j < vectors; j += 16) sums = f32x4.add(sums, v128.load(x + j))
    let sum = sumLanes(sums)
    for (let j = vectors; j < width; j += 4) sum += f32.load(x + j)
    const mean = sum * share
    const means = f32x4.splat(mean)
    let squares = f32x4.splat(0)
    for (let j: usize = 0; j < vectors; j += 16) {
      const d = f32x4.sub(v128.load(x + j), means)
      squares = multiplyAdd(d, d, squares)
    }
    let square = sumLanes(squares)
    for (let j = vectors; j < width; j += 4) {
      const d = f32.load(x + j) - mean
      square += d * d
    }
    const r: f32 = 1 / sqrt(square * share + epsilon)
    const rs = f32x4.splat(r)
    for (let j: usize = 0; j < vectors; j += 16) {
      const normal = f32x4.mul(f32x4.sub(v128.load(x + j), means), rs)
      v128.store(out + j, multiplyAdd(normal, v128.load(gain + j), v128.load(bias + j)))
    }
    for (let j = vectors; j < width; j += 4) {
      f32.store(out + j, (f32.load(x + j) - mean) * r * f32.load(gain + j) + f32.load(bias + j))
    }
    f32.store(statistics, mean)
    f32.store(statistics, r, 4)
    statistics += 8
    x += width
    out += width
  }
}

/**
 * With d = g·∂y: ∂x += r·(d − mean d − x̂·mean(d·x̂)). Two sums for every block of rows go to `blocks`: Σ ∂y·x̂ for the
 * gain and Σ ∂y for the bias. `from` is a multiple of the block.
 */
export function layerNormBackward(
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
  const share: f32 = 1 / <f32>columns
  const step = paddedBytes(columns)
  let partGain = blocks + <usize>((from / BLOCK) * 2) * step
  let partBias = partGain
  x += <usize>from * width
  gradOut += <usize>from * width
  gradX += <usize>from * width
  statistics += (<usize>from) << 3
  for (let i = from; i < to; i++) {
    if (i % BLOCK == 0) {
      if (i > from) partGain += 2 * step
      partBias = partGain + step
      zeroFloats(partGain, columns)
      zeroFloats(partBias, columns)
    }
    const mean = f32.load(statistics)
    const r = f32.load(statistics, 4)
    const means = f32x4.splat(mean)
    const rs = f32x4.splat(r)
    let sumsD = f32x4.splat(0)
    let sumsDx = f32x4.splat(0)
    for (let j: usize = 0; j < vectors; j += 16) {
      const normal = f32x4.mul(f32x4.sub(v128.load(x + j), means), rs)
      const dy = v128.load(gradOut + j)
      const d = f32x4.mul(dy, v128.load(gain + j))
      sumsD = f32x4.add(sumsD, d)
      sumsDx = multiplyAdd(d, normal, sumsDx)
      v128.store(partGain + j, multiplyAdd(dy, normal, v128.load(partGain + j)))
      v128.store(partBias + j, f32x4.add(dy, v128.load(partBias + j)))
    }
    let sumD = sumLanes(sumsD)
    let sumDx = sumLanes(sumsDx)
    for (let j = vectors; j < width; j += 4) {
      const normal = (f32.load(x + j) - mean) * r
      const dy = f32.load(gradOut + j)
      const d = dy * f32.load(gain + j)
      sumD += d
      sumDx += d * normal
      f32.store(partGain + j, f32.load(partGain + j) + dy * normal)
      f32.store(partBias + j, f32.load(partBias + j) + dy)
    }
    const meanD = sumD * share
    const meanDx = sumDx * share
    const meansD = f32x4.splat(meanD)
    const meansDx = f32x4.splat(meanDx)
    for (let j: usize = 0; j < vectors; j += 16) {
      const normal = f32x4.mul(f32x4.sub(v128.load(x + j), means), rs)
      const d = f32x4.mul(v128.load(gradOut + j), v128.load(gain + j))
      const g = f32x4.sub(f32x4.sub(d, meansD), f32x4.mul(normal, meansDx))
      v128.store(gradX + j, multiplyAdd(g, rs, v128.load(gradX + j)))
    }
    for (let j = vectors; j < width; j += 4) {
      const normal = (f32.load(x + j) - mean) * r
      const d = f32.load(gradOut + j) * f32.load(gain + j)
      f32.store(gradX + j, f32.load(gradX + j) + r * (d - meanD - normal * meanDx))
    }
    statistics += 8
    x += width
    gradOut += width
    gradX += width
  }
}
