import { copyFloats, paddedBytes } from './simd'
import { cutRow } from './sampling-filters'
import { exponentials } from './softmax'

export function sampleTokensScratchBytes(vocabulary: i32): usize {
  return 4 * paddedBytes(vocabulary)
}

/** The first index of the largest entry. */
@inline
function argmax(row: usize, count: i32): i32 {
  let best = 0
  let largest = f32.load(row)
  for (let v = 1; v < count; v++) {
    const x = f32.load(row + ((<usize>v) << 2))
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
  for (let v = 0; v < count; v++) total += <f64>f32.load(weights + ((<usize>v) << 2))
  const threshold = <f64>u * total
  let sum: f64 = 0
  let last = 0
  for (let v = 0; v < count; v++) {
    const e = f32.load(weights + ((<usize>v) << 2))
    if (e == 0) continue
    last = v
    sum += <f64>e
    if (sum > threshold) break
  }
  return last
}

/**
 * `scale` is 1/temperature, or 0 for the most likely token; `cut` is 0 where no token is cut. The log-prob of the taken
 * token is computed as `tokenScores` does, to the bit.
 */
export function sampleTokens(
  from: i32,
  to: i32,
  vocabulary: i32,
  logits: usize,
  uniforms: usize,
  scale: f32,
  cut: bool,
  topK: i32,
  topP: f64,
  minP: f64,
  tokens: usize,
  logprob: usize,
  scratch: usize,
): void {
  const width = paddedBytes(vocabulary)
  const weights = scratch + width
  const work = weights + width
  for (let i = <usize>from; i < <usize>to; i++) {
    copyFloats(logits + ((i * <usize>vocabulary) << 2), scratch, vocabulary)
    const sum = exponentials(scratch, weights, vocabulary, 1)
    const largest = argmax(scratch, vocabulary)
    let token = largest
    if (scale > 0) {
      if (scale != 1) exponentials(scratch, weights, vocabulary, scale)
      if (cut) cutRow(scratch, weights, vocabulary, topK, topP, minP, work, work + width)
      token = invert(weights, vocabulary, f32.load(uniforms + (i << 2)))
    }
    const max = f32.load(scratch + ((<usize>largest) << 2))
    i32.store(tokens + (i << 2), token)
    f32.store(logprob + (i << 2), f32.load(scratch + ((<usize>token) << 2)) - max - <f32>Math.log(<f64>sum))
  }
}
