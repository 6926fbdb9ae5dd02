import { requireEnoughSamples, requireFiniteArray, requireInteger, requireLength } from '@posttrain/core'
import { bestRankWeights } from './max-at-k.js'

/** Two scores of the same samples: the one that selects and the one that counts. */
export interface ProxyAndGold {
  /** (samples): what best-of-n chooses by, for instance a reward model's score. */
  readonly proxy: ArrayLike<number>
  /** (samples): what the choice is worth. */
  readonly gold: ArrayLike<number>
}

/** Samples in ascending order of proxy, with the ranges of equal proxy. */
export interface ProxyRanking {
  /** (samples): index of the sample of each rank. */
  readonly order: Uint32Array
  /** First rank of each run of equal proxies, and the number of samples at the end. */
  readonly starts: readonly number[]
}

/** Sorts samples by proxy. */
export function rankByProxy(proxy: ArrayLike<number>): ProxyRanking {
  // Compared and not subtracted: −∞ − (−∞) is no number.
  const byProxy = (a: number, b: number): number => Number(proxy[a]! > proxy[b]!) - Number(proxy[a]! < proxy[b]!)
  const order = Uint32Array.from(proxy, (_, i) => i).sort(byProxy)
  const starts = [...order.keys()].filter((rank) => rank === 0 || proxy[order[rank]!] !== proxy[order[rank - 1]!])
  return { order, starts: [...starts, order.length] }
}

/** Requires two finite scores for each of enough samples. */
function requireScores(what: string, { proxy, gold }: ProxyAndGold, n: number, needed: number): void {
  requireInteger('n', n, { min: 1 })
  requireFiniteArray('proxy', proxy)
  requireFiniteArray('gold', gold)
  requireLength('gold', gold, proxy.length)
  requireEnoughSamples(what, needed, proxy.length)
}

/**
 * The unbiased estimate of best-of-n: the expected gold reward of the sample with the highest proxy among n.
 *
 * It is the mean over all n-subsets of the M observed samples; samples tied in the proxy are chosen alike. With
 * proxy = gold it is max@n, and with a constant proxy the mean.
 *
 * @param scores both scores of all M samples of one task
 * @param n samples the deployed procedure chooses from
 * @returns in the unit of gold
 * @throws PosttrainError `invalid-argument` for n > M, different lengths or scores that are not finite
 * @example
 * ```ts
 * bestOfN({ proxy: [0.1, 0.9, 0.4], gold: [1, 0, 1] }, 2) // => 0.3333
 * ```
 */
export function bestOfN(scores: ProxyAndGold, n: number): number {
  requireScores(`best-of-${n}`, scores, n, n)
  return expectedChoice(scores, n)
}

/** As `bestOfN` without its checks. A proxy of −∞ stands for a sample that is chosen only where nothing else can be. */
export function expectedChoice({ proxy, gold }: ProxyAndGold, n: number): number {
  const { order, starts } = rankByProxy(proxy)
  const weights = bestRankWeights(order.length, n)
  let expected = 0
  for (let t = 0; t + 1 < starts.length; t++) {
    const start = starts[t]!
    const end = starts[t + 1]!
    let weight = 0
    let tied = 0
    for (let rank = start; rank < end; rank++) {
      weight += weights[rank]!
      tied += gold[order[rank]!]!
    }
    expected += (weight * tied) / (end - start)
  }
  return expected
}

/**
 * The unbiased estimate of the win rate of best-of-n against one more sample of the same policy: the probability that
 * the chosen sample has more gold than the other, where equal gold counts one half. It is at most n/(n+1) if proxy =
 * gold (Beirami et al. 2024, https://arxiv.org/abs/2401.01879).
 *
 * It is the mean over all choices of one opponent and n others, and needs n + 1 samples. O(M²).
 *
 * @param scores both scores of all M samples of one task
 * @param n samples the deployed procedure chooses from
 * @returns a probability
 * @throws PosttrainError `invalid-argument` for n ≥ M, different lengths or scores that are not finite
 * @example
 * ```ts
 * winRate({ proxy: [1, 2, 3], gold: [1, 2, 3] }, 2) // => 0.6667
 * ```
 */
export function winRate(scores: ProxyAndGold, n: number): number {
  requireScores(`the win rate of best-of-${n}`, scores, n, n + 1)
  const { order, starts } = rankByProxy(scores.proxy)
  const total = order.length
  const weights = bestRankWeights(total - 1, n)
  let rate = 0
  order.forEach((opponent, opponentRank) => {
    const stake = scores.gold[opponent]!
    for (let t = 0; t + 1 < starts.length; t++) {
      let weight = 0
      let wins = 0
      let members = 0
      for (let rank = starts[t]!; rank < starts[t + 1]!; rank++) {
        if (rank === opponentRank) continue
        weight += weights[rank < opponentRank ? rank : rank - 1]!
        const gold = scores.gold[order[rank]!]!
        wins += gold > stake ? 1 : gold === stake ? 0.5 : 0
        members++
      }
      if (members > 0) rate += (weight * wins) / members
    }
  })
  return rate / total
}
