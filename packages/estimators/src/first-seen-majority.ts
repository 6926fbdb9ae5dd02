import { invalidArgument, sum } from '@posttrain/core'
import type { AnswerClass } from './answer-classes.js'
import { binomialWeights } from './binomial-weights.js'
import { byHeight } from './plurality-by-height.js'

interface WeightedClass extends AnswerClass {
  readonly weights: Float64Array
}

/** `weight` times C(fewer, j) / C(all, j): the ways that remain where the j are chosen among fewer. */
function narrowed(weight: number, all: number, fewer: number, j: number): number {
  let value = weight
  for (let i = 0; i < j; i++) value *= (fewer - i) / (all - i)
  return value
}

/**
 * maj@k where the answer seen first wins a tie, over all k-subsets in the order of the samples.
 *
 * It sums over the sample that is the winner's first drawn one. Where the winner has m votes, all from that sample on,
 * any other answer has fewer than m votes, or m votes that all come after that sample.
 */
export function firstSeenMajority(classes: readonly AnswerClass[], abstaining: number, k: number): number {
  const n = abstaining + sum(classes.map(({ members }) => members.length))
  const weighted = classes.map((answer): WeightedClass => ({
    ...answer,
    weights: binomialWeights(answer.members.length, k, n - k),
  }))
  requireSteps(classes, k)
  let total = 0
  for (const { m, low, tall } of byHeight(weighted, binomialWeights(abstaining, k, n - k), k)) {
    for (const winner of tall) {
      const count = winner.members.length
      let laterRewards = 0
      for (let position = count - 1; position >= 0; position--) {
        const later = count - position - 1
        // m/count of the ways hold this sample; its m − 1 companions must be among the later ones.
        const ways = narrowed((winner.weights[m]! * m) / count, count - 1, later, m - 1)
        if (ways !== 0) {
          const reward = (winner.rewards[position]! + (m > 1 ? ((m - 1) * laterRewards) / later : 0)) / m
          const others = tall.filter((answer) => answer !== winner)
          total += reward * ways * waysOfOthers(others, low, m, winner.members[position]!, k - m)
        }
        laterRewards += winner.rewards[position]!
      }
    }
  }
  return total / binomialWeights(n, k, n - k)[k]!
}

/** Some seconds. */
const MOST_STEPS = 1e9

/** For every height and every sample that may be the winner's first, all others are drawn anew. */
function requireSteps(classes: readonly AnswerClass[], k: number): void {
  const sizes = classes.map(({ members }) => members.length).sort((a, b) => b - a)
  let steps = 0
  let [answers, samples] = [sizes.length, sum(sizes)]
  for (let m = 1; m <= Math.min(k, sizes[0] ?? 0); m++) {
    for (; answers > 0 && sizes[answers - 1]! < m; answers--) samples -= sizes[answers - 1]!
    steps += samples * answers * (k - m) * m
  }
  if (steps > MOST_STEPS) {
    throw invalidArgument(
      `maj@${k} with ties to the answer seen first takes ${steps.toExponential(0)} steps, and at most ${MOST_STEPS.toExponential(0)} are taken`,
      'share ties, which takes far fewer, or let fewer samples vote',
    )
  }
}

/** Weight of the ways in which all others take the remaining draws without beating or preceding the winner. */
function waysOfOthers(
  others: readonly WeightedClass[],
  low: Float64Array,
  m: number,
  first: number,
  remaining: number,
): number {
  const ways = low.slice(0, remaining + 1)
  for (const { members, weights } of others) {
    const after = members.filter((index) => index > first).length
    const tied = m <= after ? narrowed(weights[m]!, members.length, after, m) : 0
    for (let d = remaining; d >= 0; d--) {
      let value = d >= m ? tied * ways[d - m]! : 0
      for (let j = Math.min(m - 1, d); j >= 0; j--) value += weights[j]! * ways[d - j]!
      ways[d] = value
    }
  }
  return ways[remaining]!
}
