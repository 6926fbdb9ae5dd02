import { requireEnoughSamples, requireInteger } from '@posttrain/core'
import { createStream } from '@posttrain/core'
import { weightedVote } from './weighted-vote.js'
import type { Ballot, Weighing } from './weighted-vote.js'

/** How to average a weighted vote over subsets. */
export interface WeightedMajorityOptions {
  /** Made from the confidences of the k drawn samples (default: the weights as they are). */
  readonly weigh?: Weighing
  /** Up to this many subsets all are visited, beyond it this many are drawn (default 10,000). */
  readonly subsets?: number
  /** Default 0. */
  readonly seed?: number
}

/** An estimate that may be a Monte-Carlo one. */
export interface SubsetAverage {
  readonly value: number
  /** Standard error of the subset draws, 0 where all were visited. It says nothing about the n samples. */
  readonly standardError: number
  readonly method: 'all-subsets' | 'monte-carlo'
  readonly subsets: number
}

/**
 * The estimate of weighted maj@k: the expected reward of the answer with the greatest total weight among k of the n observed
 * samples, ties shared.
 *
 * Real weights make every subset a case of its own, so there is no polynomial programme as for plain votes: all C(n, k)
 * subsets are visited if they are few (always for k = n), otherwise random ones are drawn, and the result says so.
 *
 * @param ballots all n samples of one task
 * @param k samples that vote
 * @throws PosttrainError `invalid-argument` for k > n or values that are not finite
 * @example
 * ```ts
 * const ballots = [['a', 0.2, 1], ['b', 0.9, 0], ['a', 0.5, 1]].map(([answer, weight, reward]) => ({ answer: String(answer), weight: Number(weight), reward: Number(reward) }))
 * weightedMajorityAtK(ballots, 3).value // => 0
 * ```
 */
export function weightedMajorityAtK(
  ballots: readonly Ballot[],
  k: number,
  options: WeightedMajorityOptions = {},
): SubsetAverage {
  const { weigh, subsets = 10_000, seed = 0 } = options
  requireInteger('k', k, { min: 1 })
  requireInteger('subsets', subsets, { min: 2 })
  requireEnoughSamples(`weighted maj@${k}`, k, ballots.length)
  const n = ballots.length
  let sum = 0
  let squares = 0
  let count = 0
  const visit = (chosen: readonly number[]): void => {
    const { reward } = weightedVote(
      chosen.map((i) => ballots[i]!),
      weigh,
    )
    sum += reward
    squares += reward * reward
    count++
  }
  const exact = subsetCount(n, k) <= subsets
  if (exact) {
    for (const chosen of allSubsets(n, k)) visit(chosen)
  } else {
    const stream = createStream(seed, 'weighted-majority')
    const order = ballots.map((_, i) => i)
    for (let draw = 0; draw < subsets; draw++) {
      // The first k steps of a shuffle; the order left by the last draw is as good a start as any.
      for (let i = 0; i < k; i++) {
        const j = i + stream.integer(n - i)
        ;[order[i], order[j]] = [order[j]!, order[i]!]
      }
      visit(order.slice(0, k))
    }
  }
  const value = sum / count
  const variance = Math.max(0, squares / count - value * value)
  return {
    value,
    standardError: exact ? 0 : Math.sqrt(variance / (count - 1)),
    method: exact ? 'all-subsets' : 'monte-carlo',
    subsets: count,
  }
}

function subsetCount(n: number, k: number): number {
  let count = 1
  for (let i = 1; i <= Math.min(k, n - k); i++) count *= (n - i + 1) / i
  return Math.round(count)
}

/** All k-subsets of 0 … n−1 in lexicographic order; the yielded array is reused. */
function* allSubsets(n: number, k: number): Generator<readonly number[], void> {
  const chosen = Array.from({ length: k }, (_, i) => i)
  for (;;) {
    yield chosen
    let i = k - 1
    while (i >= 0 && chosen[i] === n - k + i) i--
    if (i < 0) return
    chosen[i]!++
    for (let j = i + 1; j < k; j++) chosen[j] = chosen[j - 1]! + 1
  }
}
