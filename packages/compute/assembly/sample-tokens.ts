import { copyFloats, paddedBytes } from './simd'
import { exponentials } from './softmax'

export function sampleTokensScratchBytes(vocabulary: i32): usize {
  return 2 * paddedBytes(vocabulary)
}

/** The first index of the largest entry. */
@inline
function argmax(row: usize, count: i32): i32 {
  let best = 0
  let largest = f32.load(row)
  for (let v = 1; v < count; v++) {
    const x = f32.load(row + (<usize>v << 2))
    if (x > largest) {
      largest = x
      best = v
    }
  }
  return best
}

/** The smallest v with Σ_{j ≤ v} e_j > u·Σ e, summed in float64; if rounding leaves none, the last v with e_v > 0. */
@inline
function invert(weights: usize, count: i32, u: f32): i32 {
  let total: f64 = 0
  for (let v = 0; v < count; v++) total += <f64>f32.load(weights + (<usize>v << 2))
  const threshold = <f64>u * total
  let sum: f64 = 0
  let last = 0
  for (let v = 0; v < count; v++) {
    const e = f32.load(weights + (<usize>v << 2))
    if (e == 0) continue
    last = v
    sum += <f64>e
    if (sum > threshold) break
  }
  return last
}

/** `scale` is 1/temperature, or 0 for the most likely token. The log-prob of the taken token is computed as `tokenScores` does, to the bit. */
export function sampleTokens(
  rows: i32, vocabulary: i32,
  logits: usize, uniforms: usize, scale: f32, tokens: usize, logprob: usize, scratch: usize,
): void {
  const weights = scratch + paddedBytes(vocabulary)
  for (let i: usize = 0; i < <usize>rows << 2; i += 4) {
    copyFloats(logits, scratch, vocabulary)
    const sum = exponentials(scratch, weights, vocabulary, 1)
    const largest = argmax(scratch, vocabulary)
    let token = largest
    if (scale > 0) {
      if (scale != 1) exponentials(scratch, weights, vocabulary, scale)
      token = invert(weights, vocabulary, f32.load(uniforms + i))
    }
    const max = f32.load(scratch + (<usize>largest << 2))
    i32.store(tokens + i, token)
    f32.store(logprob + i, f32.load(scratch + (<usize>token << 2)) - max - <f32>Math.log(<f64>sum))
    logits += <usize>vocabulary << 2
  }
}
