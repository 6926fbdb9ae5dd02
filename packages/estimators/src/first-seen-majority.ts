import type { AnswerClass } from './answer-classes.js'
import { binomialWeights } from './binomial-weights.js'

/** `weight` times C(fewer, j) / C(all, j): the ways that remain when the j are chosen among fewer. */
function narrowed(weight: number, all: number, fewer: number, j: number): number {
  let value = weight
  for (let i = 0; i < j; i++) value *= (fewer - i) / (all - i)
  return value
}

/**
 * maj@k where the answer seen first wins a tie, over all k-subsets in the order of the samples.
 *
 * Sums over the sample i that is the first drawn one of the winner: with m votes for the winner, all of them from i on,
 * any other answer has fewer than m votes, or m votes of which every one comes after i.
 */
export function firstSeenMajority(classes: readonly AnswerClass[], abstaining: number, k: number): number {
  const n = classes.reduce((sum, { members }) => sum + members.length, abstaining)
  const weights = classes.map(({ members }) => binomialWeights(members.length, k, n - k))
  const abstentions = binomialWeights(abstaining, k, n - k)
  let sum = 0
  classes.forEach((winner, w) => {
    const count = winner.members.length
    winner.members.forEach((first, position) => {
      const later = count - position - 1
      const laterRewards = winner.rewards.slice(position + 1).reduce((a, b) => a + b, 0)
      for (let m = 1; m <= Math.min(k, later + 1); m++) {
        // m/count of the ways hold `first`; its m − 1 companions must be among the later ones.
        const ways = narrowed((weights[w]![m]! * m) / count, count - 1, later, m - 1)
        const reward = (winner.rewards[position]! + (m > 1 ? ((m - 1) * laterRewards) / later : 0)) / m
        sum += reward * ways * othersBelow(classes, weights, abstentions, { w, first, m, needed: k - m })
      }
    })
  })
  return sum / binomialWeights(n, k, n - k)[k]!
}

/** Weight of the ways in which the other answers take the remaining draws without beating or preceding the winner. */
function othersBelow(
  classes: readonly AnswerClass[],
  weights: readonly Float64Array[],
  abstentions: Float64Array,
  { w, first, m, needed }: { w: number; first: number; m: number; needed: number },
): number {
  const ways = new Float64Array(needed + 1)
  ways.set(abstentions.subarray(0, needed + 1))
  classes.forEach(({ members }, b) => {
    if (b === w) return
    const after = members.length - members.filter((index) => index < first).length
    const tied = m <= after ? narrowed(weights[b]![m]!, members.length, after, m) : 0
    for (let d = needed; d >= 0; d--) {
      let value = d >= m ? tied * ways[d - m]! : 0
      for (let j = Math.min(m - 1, members.length, d); j >= 0; j--) value += weights[b]![j]! * ways[d - j]!
      ways[d] = value
    }
  })
  return ways[needed]!
}
