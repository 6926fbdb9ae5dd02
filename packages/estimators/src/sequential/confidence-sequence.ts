import { invalidArgument, requireFinite, type Interval } from '@posttrain/core'
import { requireLevel } from '../intervals/moments.js'

/** Values that come one after another, and between which bounds. */
export interface ConfidenceSequenceOptions {
  /** The least and the greatest value that there can be. */
  readonly min: number
  readonly max: number
  /** Chance that the mean is in every interval ever looked at, at least; on (0, 1) (default 0.95). */
  readonly level?: number | undefined
}

/** Intervals for a mean that hold all at once: look as often as you like, and stop when you like. */
export interface ConfidenceSequence {
  /** @throws PosttrainError `invalid-argument` for a value that is not between the bounds */
  add(value: number): void
  /** Values so far. */
  readonly n: number
  /** Of the values so far; NaN before the first. */
  readonly mean: number
  /** What is known of the true mean now; it never grows. */
  interval(): Interval
}

/** Candidates for the mean; bounds are rounded outwards to one of them. */
const CANDIDATES = 4096

/** Share of a gambler's capital that one bet may lose: ½ keeps the capital away from 0. */
const MOST_LOST = 0.5

/**
 * A confidence sequence for the mean of bounded values, by betting: hedged capital with predictable plug-in bets
 * (Waudby-Smith & Ramdas 2023, https://arxiv.org/abs/2010.09686, Theorem 3).
 *
 * Of values in [0, 1], one gambler bets that the mean is above m and another that it is below:
 * K⁺ₜ(m) = Π(1 + min(λᵢ, 1/(2m))·(xᵢ − m)), K⁻ₜ(m) = Π(1 − min(λᵢ, 1/(2(1 − m)))·(xᵢ − m)), with
 * λₜ = √(2·ln(2/α) / (σ̂²ₜ₋₁·t·ln(t + 1))). Where m is the mean neither can expect to win, so that ½·K⁺ + ½·K⁻ ever
 * reaches 1/α with probability α at most (Ville). The interval is the m that have not been refuted.
 *
 * The mean must be the same whatever came before: tasks in an order of chance, or requests assigned by chance.
 *
 * @returns an empty sequence; its interval is all that there can be
 * @throws PosttrainError `invalid-argument` for bounds that are not finite or not in order
 * @example
 * ```ts
 * const sequence = confidenceSequence({ min: 0, max: 1 })
 * for (let i = 0; i < 100; i++) sequence.add(i % 4 === 0 ? 0 : 1)
 * sequence.mean // => 0.75
 * const { lower, upper } = sequence.interval()
 * lower // => 0.604
 * upper // => 0.8616
 * ```
 */
export function confidenceSequence({ min, max, level = 0.95 }: ConfidenceSequenceOptions): ConfidenceSequence {
  requireFinite('min', min)
  requireFinite('max', max)
  requireLevel(level)
  if (min >= max) throw invalidArgument(`min is ${min} and max is ${max}, so that nothing is between them`)
  const refuted = Math.log(2 / (1 - level))
  /** (candidates + 1): logarithms of the capitals of who bets on more, and on less, than candidate/CANDIDATES. */
  const [more, less] = [new Float64Array(CANDIDATES + 1), new Float64Array(CANDIDATES + 1)]
  let [n, total, deviations] = [0, 0, 0]
  // All candidates up to `low` are refuted by who bets on more, all from `high` on by who bets on less: K⁺ falls in m.
  let [low, high] = [-1, CANDIDATES + 1]

  const add = (value: number): void => {
    requireFinite(`value ${n}`, value, { min, max })
    const x = (value - min) / (max - min)
    const variance = (0.25 + deviations) / (n + 1) // of what came before, so that the bet is no wiser
    n++
    const bet = Math.sqrt((2 * refuted) / (variance * n * Math.log(n + 1)))
    total += x
    deviations += (x - (0.5 + total) / (n + 1)) ** 2
    for (let i = low + 1; i < high; i++) {
      const m = i / CANDIDATES
      more[i]! += Math.log1p(Math.min(bet, MOST_LOST / m) * (x - m))
      less[i]! += Math.log1p(-Math.min(bet, MOST_LOST / (1 - m)) * (x - m))
    }
    while (low + 1 < high && more[low + 1]! >= refuted) low++
    while (high - 1 > low && less[high - 1]! >= refuted) high--
  }
  return {
    add,
    get n() {
      return n
    },
    get mean() {
      return min + (total / n) * (max - min)
    },
    interval: () => ({
      lower: min + (Math.max(low, 0) / CANDIDATES) * (max - min),
      upper: min + (Math.min(high, CANDIDATES) / CANDIDATES) * (max - min),
      level,
      method: 'betting',
    }),
  }
}
