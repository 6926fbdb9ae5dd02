import { createStream, requireEnoughSamples, requireInteger } from '@posttrain/core'
import { allSubsets, subsetCount } from '../subsets.js'
import { weightedVote } from './weighted-vote.js'
import type { Ballot, Weighing } from './weighted-vote.js'

/** How to average a weighted vote over subsets. */
export interface WeightedMajorityOptions {
  /** Made from the confidences of the k drawn samples (default: the weights as they are). */
  readonly weigh?: Weighing | undefined
  /** Up to this many subsets all are visited, beyond it this many are drawn; at least 2 (default 10,000). */
  readonly subsets?: number | undefined
  /** Default 0. */
  readonly seed?: number | undefined
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
 * The estimate of weighted maj@k: the expected reward of the answer with the greatest total weight among k of the n
 * observed samples, ties shared.
 *
 * Real weights make every subset a case of its own, so there is no polynomial programme as for plain votes. All C(n, k)
 * subsets are visited if they are few (always for k = n). Otherwise random ones are drawn, and the result says so.
 *
 * @param ballots all n samples of one task
 * @param k samples that vote
 * @returns in the unit of the rewards
 * @throws PosttrainError `invalid-argument` for k > n or values that are not finite
 * @example
 * ```ts
 * const ballots = [
 *   { answer: 'a', weight: 0.2, reward: 1 },
 *   { answer: 'b', weight: 0.9, reward: 0 },
 *   { answer: 'a', weight: 0.5, reward: 1 },
 * ]
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
  let total = 0
  let squares = 0
  let count = 0
  const visit = (chosen: readonly number[]): void => {
    const { reward } = weightedVote(
      chosen.map((i) => ballots[i]!),
      weigh,
    )
    total += reward
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
  const value = total / count
  const variance = Math.max(0, squares / count - value * value)
  return {
    value,
    standardError: exact ? 0 : Math.sqrt(variance / (count - 1)),
    method: exact ? 'all-subsets' : 'monte-carlo',
    subsets: count,
  }
}
