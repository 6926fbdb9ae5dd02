import { mean } from '@posttrain/core'
import { expectedChoice, rankByProxy } from '../best-of-n.js'
import { binomialWeights } from '../binomial-weights.js'
import { allEqual } from '../rewards.js'
import { leaveOneOutMeanAdvantages } from './mean.js'

/** Two scores of the same samples; a proxy may be −∞. */
export interface ChoiceScores {
  /** (samples): what decides the choice. */
  readonly proxy: Float64Array
  /** (samples): what a choice is worth. */
  readonly gold: Float64Array
}

/**
 * Aᵢ = (k/M) · E[f(B ∪ i) − f(B)] over the subsets B of k−1 other samples, f the gold of the highest proxy.
 *
 * Sample i matters only where no companion has a higher proxy. With t members of its tie among the drawn, it then
 * changes the mean of the tie by (goldᵢ − mean of the others of the tie)/t; alone it replaces the best of those below.
 * O(M²).
 */
export function bestOfNAdvantages({ proxy, gold }: ChoiceScores, k: number): number[] {
  const total = gold.length
  const advantages = new Array<number>(total).fill(0)
  if (allEqual(gold)) return advantages
  if (k === 1) return leaveOneOutMeanAdvantages(gold) // the choice among one is that one
  const { order, starts } = rankByProxy(proxy)
  for (let t = 0; t + 1 < starts.length; t++) {
    const below = starts[t]!
    const tied = Array.from(order.subarray(below, starts[t + 1]))
    if (below + tied.length < k) continue // a companion above is certain
    const tiedDrawn = companionsTied(total, below, tied.length, k)
    const lower = Array.from(order.subarray(0, below))
    const scoresBelow = { proxy: lower.map((i) => proxy[i]!), gold: lower.map((i) => gold[i]!) }
    const replaced = below < k - 1 ? 0 : expectedChoice(scoresBelow, k - 1)
    for (const i of tied) {
      const others = tied.filter((j) => j !== i).map((j) => gold[j]!)
      let gain = tiedDrawn[0]! === 0 ? 0 : tiedDrawn[0]! * (gold[i]! - replaced)
      if (others.length > 0) {
        const excess = gold[i]! - mean(others)
        for (let drawn = 1; drawn < tiedDrawn.length; drawn++) gain += (tiedDrawn[drawn]! * excess) / (drawn + 1)
      }
      advantages[i] = (k / total) * gain
    }
  }
  return advantages
}

/** Entry t: the probability that the k−1 companions are t members of the tie and k−1−t samples below it. */
function companionsTied(total: number, below: number, tied: number, k: number): Float64Array {
  const drawn = k - 1
  const pool = below + tied - 1
  const tieWeights = binomialWeights(tied - 1, drawn, pool - drawn)
  const belowWeights = binomialWeights(below, drawn, pool - drawn)
  const normaliser = binomialWeights(pool, drawn, pool - drawn)[drawn]!
  let noneAbove = 1
  for (let j = 0; j < drawn; j++) noneAbove *= (pool - j) / (total - 1 - j)
  const result = new Float64Array(Math.min(drawn, tied - 1) + 1)
  for (let t = 0; t < result.length; t++) {
    result[t] = (noneAbove * tieWeights[t]! * (belowWeights[drawn - t] ?? 0)) / normaliser
  }
  return result
}
