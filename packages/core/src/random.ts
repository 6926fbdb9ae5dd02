import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import { requireInteger } from './checks.js'

/** Anything that names a stream: a task id, a sample index, a purpose. */
export type StreamLabel = string | number

/** A reproducible source of randomness; every function that draws takes one, or a seed. */
export interface RandomStream {
  /** Uniform on [0, 1) with 53 random bits. */
  uniform(): number
  /** Uniform integer on 0 … bound − 1, without modulo bias. */
  integer(bound: number): number
}

/** The 32-bit finaliser of MurmurHash3: every input bit reaches every output bit. */
function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** Four 32-bit words from a text, each lane mixing in the next: the 128-bit state of a generator. */
function hashToState(text: string): number[] {
  const state = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344] // the first bits of π
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < text.length; i++) {
      for (let lane = 0; lane < 4; lane++) {
        state[lane] = mix(state[lane]! ^ state[(lane + 1) & 3]! ^ Math.imul(text.charCodeAt(i) + lane + 1, 0x9e3779b1))
      }
    }
  }
  return state
}

/**
 * The random stream named by a seed and labels. Streams of different names are independent, so a sample drawn
 * again, retried or put in another batch is the same sample.
 *
 * The name is hashed to the 128-bit state of xoroshiro128+.
 *
 * @param seed any safe integer
 * @param labels for instance a task's id and a sample's index
 * @example
 * ```ts
 * createStream(7, 'task-1', 0).uniform() === createStream(7, 'task-1', 0).uniform() // => true
 * ```
 */
export function createStream(seed: number, ...labels: readonly StreamLabel[]): RandomStream {
  requireInteger('seed', seed)
  // JSON keeps ('a', 'b') and ('ab'), and 1 and '1', apart.
  const generator = xoroshiro128plusFromState(hashToState(JSON.stringify([seed, ...labels])))
  return {
    uniform: () => uniformFloat64(generator),
    integer: (bound) => uniformInt(generator, 0, requireInteger('bound', bound, { min: 1 }) - 1),
  }
}

/** The stream of one sample: fixed by (seed, id of the request, index). */
export const sampleStream = (seed: number, id: string, index: number): RandomStream =>
  createStream(seed, 'sample', id, index)

/**
 * A new array in uniformly random order (Fisher–Yates).
 *
 * @example
 * ```ts
 * shuffled([1, 2, 3], createStream(1)).length // => 3
 * ```
 */
export function shuffled<T>(values: readonly T[], stream: RandomStream): T[] {
  const result = [...values]
  for (let i = result.length - 1; i > 0; i--) {
    const j = stream.integer(i + 1)
    const held = result[i]!
    result[i] = result[j]!
    result[j] = held
  }
  return result
}
