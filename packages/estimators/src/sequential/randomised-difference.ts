import { requireFinite, type Interval } from '@posttrain/core'
import { confidenceSequence, type ConfidenceSequenceOptions } from './confidence-sequence.js'

/** Values of requests that are assigned to b by chance, and to a otherwise. */
export interface RandomisedDifferenceOptions extends ConfidenceSequenceOptions {
  /** The least probability with which a request is ever assigned to either, on (0, ½]. */
  readonly leastProbability: number
}

/** One request: where it was assigned, with what probability to b, and what became of it. */
export interface Assigned {
  readonly to: 'a' | 'b'
  /** That it was assigned to b, as it stood before; it may follow what was seen earlier. */
  readonly probabilityOfB: number
  readonly value: number
}

/** Intervals for the mean of b less that of a, which hold all at once. */
export interface RandomisedDifference {
  /** @throws PosttrainError `invalid-argument` for a value or a probability out of bounds */
  add(request: Assigned): void
  /** Requests so far. */
  readonly n: { readonly a: number; readonly b: number }
  /** Estimate of the mean of b less that of a; NaN before the first request. */
  readonly difference: number
  /** What is known of the true difference now; it never grows. */
  interval(): Interval
}

/**
 * A confidence sequence for the difference of two arms between which requests are split by chance, in shares that may
 * change as the results come in.
 *
 * Each request gives z = (1{b}/p − 1{a}/(1 − p))·(x − c), whose expectation is the difference for any p and c that were
 * fixed before it (Horvitz & Thompson 1952); c, the mean of all values before, takes out what both arms have in common.
 * The sequence of these is that of `confidenceSequence`.
 *
 * Requests must be alike over time, or the share of b constant: where both change together, what differs is the times.
 *
 * @returns an empty sequence
 * @throws PosttrainError `invalid-argument` for a least probability out of range; otherwise as `confidenceSequence`
 * @example
 * ```ts
 * const split = randomisedDifference({ min: 0, max: 1, leastProbability: 0.5 })
 * for (let i = 0; i < 400; i++) {
 *   split.add({ to: i % 2 ? 'a' : 'b', probabilityOfB: 0.5, value: i % 2 && i % 3 === 0 ? 0 : 1 })
 * }
 * split.interval().lower > 0 // => true
 * ```
 */
export function randomisedDifference(options: RandomisedDifferenceOptions): RandomisedDifference {
  const { min, max, leastProbability, level } = options
  requireFinite('leastProbability', leastProbability, { above: 0, max: 0.5 })
  const reach = (max - min) / leastProbability
  const sequence = confidenceSequence({ min: -reach, max: reach, level })
  const n = { a: 0, b: 0 }
  let total = 0
  return {
    add({ to, probabilityOfB, value }) {
      const seen = n.a + n.b
      requireFinite(`value ${seen}`, value, { min, max })
      requireFinite(`probabilityOfB ${seen}`, probabilityOfB, { min: leastProbability, max: 1 - leastProbability })
      const before = (total + (min + max) / 2) / (seen + 1) // as if one value in the middle had been seen first
      const weight = to === 'b' ? 1 / probabilityOfB : -1 / (1 - probabilityOfB)
      sequence.add(Math.max(-reach, Math.min(reach, weight * (value - before)))) // rounding may exceed the bound
      n[to]++
      total += value
    },
    n,
    get difference() {
      return sequence.mean
    },
    interval: () => sequence.interval(),
  }
}
