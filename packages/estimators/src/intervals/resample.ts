import { createStream } from '@posttrain/core'
import type { ClusterSums } from './moments.js'

/**
 * State of the generator of resampling, sfc32 (Doty-Humphrey, PractRand): four words from the named stream of `core`.
 *
 * A bootstrap takes tens of millions of draws. Written into its loops, with the state in registers, this one takes a
 * nanosecond.
 */
export function resamplingState(seed: number, purpose: string): Int32Array {
  const stream = createStream(seed, purpose)
  return Int32Array.from({ length: 4 }, () => stream.integer(0x100000000) | 0)
}

/** Fills an array with uniform 32-bit words and advances the state. */
export function fillWords(state: Int32Array, into: Uint32Array): void {
  let a = state[0]!
  let b = state[1]!
  let c = state[2]!
  let counter = state[3]!
  for (let i = 0; i < into.length; i++) {
    const word = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + word) | 0
    into[i] = word
  }
  state[0] = a
  state[1] = b
  state[2] = c
  state[3] = counter
}

/**
 * Σ of as many values as there are, drawn with replacement: the generator above, each word used at once.
 *
 * An index is ⌊word · n / 2³²⌋; its probabilities differ from 1/n by less than n/2³² of it, far below what any number
 * of resamples could show.
 */
function drawnSum(state: Int32Array, values: Float64Array): number {
  const scale = values.length / 2 ** 32
  let a = state[0]!
  let b = state[1]!
  let c = state[2]!
  let counter = state[3]!
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const word = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + word) | 0
    total += values[((word >>> 0) * scale) | 0]!
  }
  state[0] = a
  state[1] = b
  state[2] = c
  state[3] = counter
  return total
}

/**
 * Sorted means of bootstrap resamples: each draws as many clusters as there are, with replacement, and divides by the
 * number of tasks in them.
 */
export function resampledMeans({ sums, sizes, tasks }: ClusterSums, resamples: number, seed: number): Float64Array {
  const state = resamplingState(seed, 'bootstrap')
  const clustered = sizes.some((size) => size !== 1)
  const means = new Float64Array(resamples)
  for (let r = 0; r < resamples; r++) {
    const size = clustered ? drawnSum(state.slice(), sizes) : tasks // from a copy of the state: the same draws
    means[r] = drawnSum(state, sums) / size
  }
  return means.sort()
}
