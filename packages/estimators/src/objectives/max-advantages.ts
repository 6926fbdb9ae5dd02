import { mean, requireOneOf } from '@posttrain/core'
import { bestRankWeights } from '../max-at-k.js'
import { leaveOneOutMeanAdvantages } from './mean.js'

/**
 * What is subtracted from a sample's share of max@k; all are unbiased.
 *
 * - `none`: sᵢ, the credit itself.
 * - `leave-one-out`: minus the estimate from the other samples; needs n > k.
 * - `leave-one-out-minus-one`: each subset minus the best of the subset without i; any n ≥ k, usually the least
 *   variance.
 * - `leave-two-out`: credit against every other sample in turn; advantages add up to 0; needs n > k.
 */
export type Baseline = 'none' | 'leave-one-out' | 'leave-one-out-minus-one' | 'leave-two-out'

/** Which k-sample maximum, and with which baseline. */
export interface MaxObjectiveOptions {
  /** Samples the deployed procedure draws. */
  readonly k: number
  /** Default `leave-one-out-minus-one`. For k = 1 every baseline but `none` is RLOO. */
  readonly baseline?: Baseline | undefined
}

/** Fewest samples from which max@k advantages with this baseline exist. */
export function samplesForBaseline(k: number, baseline: Baseline): number {
  requireOneOf('baseline', baseline, Object.keys(byBaseline) as Baseline[])
  if (baseline === 'none' || (baseline === 'leave-one-out-minus-one' && k > 1)) return k
  return k + 1
}

/**
 * Advantages of max@k under a baseline, in O(n log n).
 *
 * All four come from one pass over the sorted rewards. What sample i adds to k−1 companions B is
 * E[max(B ∪ i)] − E[max B] = Σ over the gaps below gᵢ of (gap · P(all of B below the gap)): sums of non-negative terms,
 * exactly 0 where rewards are equal. `none` and the published `leave-one-out` are no such differences and do not vanish
 * there.
 *
 * @param rewards (samples) of one task
 */
export function maxAdvantages(rewards: Float64Array, k: number, baseline: Baseline): number[] {
  const n = rewards.length
  // For k = 1 the best of no companions is undefined: the baseline falls to the mean of the others.
  if (k === 1 && baseline !== 'none') return leaveOneOutMeanAdvantages(rewards)
  const order = Uint32Array.from(rewards, (_, i) => i).sort((a, b) => rewards[a]! - rewards[b]!)
  const sorted = Float64Array.from(order, (i) => rewards[i]!)
  const byRank = byBaseline[baseline](sorted, k, n)
  const advantages = new Array<number>(n)
  order.forEach((i, rank) => (advantages[i] = byRank[rank]!))
  return advantages
}

/** Advantages of the worst of k rewards, which is minus the best of k negated ones. */
export const minAdvantages = (rewards: Float64Array, k: number, baseline: Baseline): number[] =>
  // 0 − a and not −a: an advantage of 0 stays 0, without a sign.
  maxAdvantages(
    rewards.map((r) => 0 - r),
    k,
    baseline,
  ).map((a) => 0 - a)

type RankedAdvantages = (sorted: Float64Array, k: number, n: number) => Float64Array

/**
 * Hᵢ = Σ over the gaps l → l+1 below rank i of gap · C(l + offset, k−1)/C(pool, k−1), of a pool with l + offset below.
 */
function gain(sorted: Float64Array, k: number, pool: number, offset: number): Float64Array {
  const gains = new Float64Array(sorted.length)
  const allBelow = probabilitiesAllBelow(pool, k - 1)
  for (let l = 0; l + 1 < sorted.length; l++) {
    gains[l + 1] = gains[l]! + (sorted[l + 1]! - sorted[l]!) * allBelow[l + offset]!
  }
  return gains
}

/** Entry m: C(m, size)/C(pool, size), the probability that a random subset avoids all but m of the pool. */
function probabilitiesAllBelow(pool: number, size: number): Float64Array {
  const probabilities = new Float64Array(pool + 1)
  let probability = 1
  for (let m = pool; m >= size; m--) {
    probabilities[m] = probability
    if (m > 0) probability *= (m - size) / m
  }
  return probabilities
}

/** sᵢ = (k/n)·E[max(gᵢ, best of k−1 of the others)] (Walder & Karkhanis 2025, section 3). */
const credit: RankedAdvantages = (sorted, k, n) => {
  const credits = new Float64Array(n)
  const weights = bestRankWeights(n - 1, k - 1) // rank j > i among all has rank j − 1 among the others
  const allBelow = probabilitiesAllBelow(n - 1, k - 1)
  let above = 0
  for (let rank = n - 1; rank >= 0; rank--) {
    credits[rank] = (k / n) * (above + sorted[rank]! * allBelow[rank]!)
    if (rank > 0 && k > 1) above += weights[rank - 1]! * sorted[rank]!
  }
  return credits
}

const byBaseline: Record<Baseline, RankedAdvantages> = {
  none: credit,

  /** sᵢ − k/(n−1) · max@k of the others (Walder & Karkhanis 2025, section 4). Not 0 where all rewards agree. */
  'leave-one-out': (sorted, k, n) => {
    const credits = credit(sorted, k, n)
    const weights = bestRankWeights(n - 1, k)
    let below = 0
    let above = 0
    for (let rank = 1; rank < n; rank++) above += weights[rank - 1]! * sorted[rank]!
    return credits.map((value, rank) => {
      const others = below + above
      if (rank < n - 1) {
        below += weights[rank]! * sorted[rank]!
        above -= weights[rank]! * sorted[rank + 1]!
      }
      return value - (k / (n - 1)) * others
    })
  },

  /** (k/n)·(E[max(B ∪ i)] − E[max B]), B of k−1 others; for n = k the estimator of Tang et al. (2503.19595). */
  'leave-one-out-minus-one': (sorted, k, n) => gain(sorted, k, n - 1, 1).map((value) => (k / n) * value),

  /** (k/n)·mean over j ≠ i of E[max(B ∪ i)] − E[max(B ∪ j)], B of k−1 others; gᵢ enters through the same gaps. */
  'leave-two-out': (sorted, k, n) => {
    const gains = gain(sorted, k, n - 2, 0)
    const average = mean(gains)
    return gains.map((value) => (k / (n - 1)) * (value - average))
  },
}
