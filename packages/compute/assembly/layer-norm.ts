import { multiplyAdd, paddedBytes, sumLanes, zeroFloats } from './simd'

/** Rows whose gradients are summed apart before they join the total: bounds the error of long sums. */
const BLOCK: i32 = 64

export function layerNormScratchBytes(columns: i32): usize {
  return 2 * paddedBytes(columns)
}

/** y = g·(x − μ)·r + b; μ and r = 1/√(σ² + ε) go to `statistics`. Two passes, f32 sums in four lanes. */
export function layerNorm(
  rows: i32, columns: i32,
  x: usize, gain: usize, bias: usize, out: usize, statistics: usize, epsilon: f32,
): void {
  const vectors = <usize>(columns & ~3) << 2
  const width = <usize>columns << 2
  const share: f32 = 1 / <f32>columns
  for (let i = 0; i < rows; i++) {
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

/** target += part, part = 0, over `width` bytes. */
@inline
function drain(part: usize, target: usize, width: usize): void {
  for (let j: usize = 0; j < width; j += 4) {
    f32.store(target + j, f32.load(target + j) + f32.load(part + j))
    f32.store(part + j, 0)
  }
}

/** With d = g·∂y: ∂x += r·(d − mean d − x̂·mean(d·x̂)); ∂g += Σ ∂y·x̂; ∂b += Σ ∂y, the last two in blocks of rows. */
export function layerNormBackward(
  rows: i32, columns: i32,
  x: usize, gain: usize, statistics: usize, gradOut: usize,
  gradX: usize, gradGain: usize, gradBias: usize, scratch: usize,
): void {
  const vectors = <usize>(columns & ~3) << 2
  const width = <usize>columns << 2
  const share: f32 = 1 / <f32>columns
  const partGain = scratch
  const partBias = scratch + paddedBytes(columns)
  zeroFloats(partGain, columns)
  zeroFloats(partBias, columns)
  for (let i = 0; i < rows; i++) {
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
    if ((i + 1) % BLOCK == 0 || i + 1 == rows) {
      drain(partGain, gradGain, width)
      drain(partBias, gradBias, width)
    }
    statistics += 8
    x += width
    gradOut += width
    gradX += width
  }
}
