import { copyFloats, maxLanes, multiplyAdd, paddedBytes, sumLanes } from './simd'
import { exponentials } from './softmax'

// A row at a time, in scratch memory padded with −∞ to whole vectors: logits x and weights e = exp(x − max), which are
// 0 for the padding and for masked tokens. Terms with e = 0 are set to 0 because 0·∞ is not a number.

export function tokenScoresScratchBytes(vocabulary: i32): usize {
  return 4 * paddedBytes(vocabulary)
}

/** Copies a row to scratch, fills `weights` and returns their sum; `maxOf` then gives the maximum. */
@inline
function load(logits: usize, vocabulary: i32, row: usize, weights: usize): f32 {
  copyFloats(logits, row, vocabulary)
  return exponentials(row, weights, vocabulary, 1)
}

@inline
function maxOf(row: usize, width: usize): f32 {
  let largest = f32x4.splat(-Infinity)
  for (let j: usize = 0; j < width; j += 16) largest = f32x4.pmax(largest, v128.load(row + j))
  return maxLanes(largest)
}

/** Natural logarithm of a sum, in float64. */
@inline
function logOf(sum: f32): f32 {
  return <f32>Math.log(<f64>sum)
}

/** Zero where the weight is zero. */
@inline
function where(weight: v128, value: v128): v128 {
  return v128.and(value, f32x4.gt(weight, f32x4.splat(0)))
}

/** H = log S − Σ e·(x − max)/S */
function entropyOf(row: usize, weights: usize, width: usize, max: f32, sum: f32): f32 {
  let sums = f32x4.splat(0)
  for (let j: usize = 0; j < width; j += 16) {
    const e = v128.load(weights + j)
    sums = f32x4.add(sums, where(e, f32x4.mul(e, f32x4.sub(v128.load(row + j), f32x4.splat(max)))))
  }
  return logOf(sum) - sumLanes(sums) / sum
}

/** KL = Σ e·((x − max x) − (y − max y))/Sx + log Sy − log Sx, with y the reference's logits. */
function klOf(
  row: usize,
  weights: usize,
  other: usize,
  width: usize,
  max: f32,
  otherMax: f32,
  logs: f32,
  sum: f32,
): f32 {
  let sums = f32x4.splat(0)
  for (let j: usize = 0; j < width; j += 16) {
    const e = v128.load(weights + j)
    const x = f32x4.sub(v128.load(row + j), f32x4.splat(max))
    const y = f32x4.sub(v128.load(other + j), f32x4.splat(otherMax))
    sums = f32x4.add(sums, where(e, f32x4.mul(e, f32x4.sub(x, y))))
  }
  return sumLanes(sums) / sum + logs
}

/** `entropy`, `referenceLogits` and `klToReference` are 0 if missing. f32 sums in four lanes, f64 logarithms. */
export function tokenScores(
  from: i32,
  to: i32,
  vocabulary: i32,
  logits: usize,
  targets: usize,
  logprob: usize,
  entropy: usize,
  referenceLogits: usize,
  klToReference: usize,
  scratch: usize,
): void {
  const width = paddedBytes(vocabulary)
  const weights = scratch + width
  const other = weights + width
  const otherWeights = other + width
  logits += <usize>from * ((<usize>vocabulary) << 2)
  if (referenceLogits != 0) referenceLogits += <usize>from * ((<usize>vocabulary) << 2)
  for (let i = (<usize>from) << 2; i < (<usize>to) << 2; i += 4) {
    const sum = load(logits, vocabulary, scratch, weights)
    const max = maxOf(scratch, width)
    const target = (<usize>i32.load(targets + i)) << 2
    f32.store(logprob + i, f32.load(scratch + target) - max - logOf(sum))
    if (entropy != 0) f32.store(entropy + i, entropyOf(scratch, weights, width, max, sum))
    if (klToReference != 0) {
      const otherSum = load(referenceLogits, vocabulary, other, otherWeights)
      const logs = logOf(otherSum) - logOf(sum)
      f32.store(klToReference + i, klOf(scratch, weights, other, width, max, maxOf(other, width), logs, sum))
      referenceLogits += (<usize>vocabulary) << 2
    }
    logits += (<usize>vocabulary) << 2
  }
}

/** g = cL·(1[v = target] − p) − cH·p·(log p + H) + cK·p·(log p − log q − KL) */
export function tokenScoresBackward(
  from: i32,
  to: i32,
  vocabulary: i32,
  logits: usize,
  targets: usize,
  gradLogprob: usize,
  gradEntropy: usize,
  referenceLogits: usize,
  gradKlToReference: usize,
  gradLogits: usize,
  scratch: usize,
): void {
  const width = paddedBytes(vocabulary)
  const weights = scratch + width
  const other = weights + width
  const otherWeights = other + width
  logits += <usize>from * ((<usize>vocabulary) << 2)
  gradLogits += <usize>from * ((<usize>vocabulary) << 2)
  if (referenceLogits != 0) referenceLogits += <usize>from * ((<usize>vocabulary) << 2)
  for (let i = (<usize>from) << 2; i < (<usize>to) << 2; i += 4) {
    const sum = load(logits, vocabulary, scratch, weights)
    const max = maxOf(scratch, width)
    const logSum = logOf(sum)
    const cL = f32.load(gradLogprob + i)
    const cH: f32 = gradEntropy != 0 ? f32.load(gradEntropy + i) : 0
    const cK: f32 = gradKlToReference != 0 ? f32.load(gradKlToReference + i) : 0
    const H: f32 = cH != 0 ? entropyOf(scratch, weights, width, max, sum) : 0
    let shift: f32 = 0
    let KL: f32 = 0
    if (cK != 0) {
      const otherSum = load(referenceLogits, vocabulary, other, otherWeights)
      const otherMax = maxOf(other, width)
      shift = otherMax + logOf(otherSum)
      KL = klOf(scratch, weights, other, width, max, otherMax, logOf(otherSum) - logSum, sum)
    }
    const inverse = f32x4.splat(1 / sum)
    for (let j: usize = 0; j < width; j += 16) {
      const p = f32x4.mul(v128.load(weights + j), inverse)
      const logp = f32x4.sub(f32x4.sub(v128.load(scratch + j), f32x4.splat(max)), f32x4.splat(logSum))
      let slope = f32x4.splat(-cL)
      if (cH != 0) slope = f32x4.sub(slope, f32x4.mul(f32x4.splat(cH), f32x4.add(logp, f32x4.splat(H))))
      if (cK != 0) {
        const logq = f32x4.sub(v128.load(other + j), f32x4.splat(shift))
        slope = multiplyAdd(f32x4.splat(cK), f32x4.sub(f32x4.sub(logp, logq), f32x4.splat(KL)), slope)
      }
      v128.store(weights + j, where(p, f32x4.mul(p, slope)))
    }
    const target = weights + ((<usize>i32.load(targets + i)) << 2)
    f32.store(target, f32.load(target) + cL)
    copyFloats(weights, gradLogits, vocabulary)
    logits += (<usize>vocabulary) << 2
    gradLogits += (<usize>vocabulary) << 2
    if (referenceLogits != 0) referenceLogits += (<usize>vocabulary) << 2
  }
}
