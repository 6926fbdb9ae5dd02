import type { TiesOfCounts, Vote, VoteClass } from './plurality-vote.js'

/**
 * `pluralitySum` by adding terms of one sign, so that what is 0 is exactly 0.
 *
 * For each height m of the winner, a dynamic programme over the answers keeps two numbers per number of samples d used
 * and of answers t at height m: the weight of the partial counts, and the weight times the rewards at the top. One
 * answer takes fewer than m votes or exactly m. O(n·k²) in all for answers with n votes together, of which k are drawn,
 * where enumerating subsets takes C(n, k).
 */
export function pluralityByHeight({ classes, abstentions, total }: Vote, ties: TiesOfCounts): number {
  let sum = 0
  for (const { m, low, tall } of byHeight(classes, abstentions, total)) {
    const mostTied = Math.min(tall.length, Math.floor(total / m))
    const weight = Array.from({ length: mostTied + 1 }, () => new Float64Array(total + 1))
    const rewarded = Array.from({ length: mostTied + 1 }, () => new Float64Array(total + 1))
    weight[0]!.set(low)
    for (const voteClass of tall) addClass(voteClass, m, total, weight, rewarded)
    for (let t = 1; t <= mostTied; t++) {
      if (ties === 'share' || t === 1) sum += rewarded[t]![total]! / t
    }
  }
  return sum
}

/** Answers by whether they can have m votes. */
interface Height<Class> {
  readonly m: number
  /** Entry d: the weight of d samples among all that abstain or vote for an answer that cannot have m votes. */
  readonly low: Float64Array
  readonly tall: readonly Class[]
}

/** Every height m that the winner may have; rare answers are merged as soon as m is beyond them. */
export function* byHeight<Class extends { readonly weights: Float64Array }>(
  classes: readonly Class[],
  abstentions: Float64Array,
  total: number,
): Generator<Height<Class>, void> {
  const rising = [...classes].sort((a, b) => a.weights.length - b.weights.length)
  const low = new Float64Array(total + 1)
  low.set(abstentions.subarray(0, total + 1))
  let merged = 0
  for (let m = 1; m <= total; m++) {
    for (; merged < rising.length && rising[merged]!.weights.length <= m; merged++)
      multiplyIn(rising[merged]!.weights, low)
    if (merged === rising.length) return
    const tall = rising.slice(merged)
    // Somebody must be able to have m votes, and nobody be bound to have more: for k = n that leaves one height.
    const reached = tall.some(({ weights }) => weights[m] !== 0)
    if (reached && tall.every(({ weights }) => weights.subarray(0, m + 1).some((weight) => weight !== 0))) {
      yield { m, low, tall }
    }
  }
}

/** The weights of sums, in place: d descends so that what is read is still from before. */
function multiplyIn(weights: Float64Array, low: Float64Array): void {
  for (let d = low.length - 1; d >= 0; d--) {
    let sum = 0
    for (let j = Math.min(weights.length - 1, d); j >= 0; j--) sum += weights[j]! * low[d - j]!
    low[d] = sum
  }
}

/** Multiplies one answer in, in place: t and d descend so that what is read is still from before this answer. */
function addClass(
  { weights, reward }: VoteClass,
  m: number,
  total: number,
  weight: readonly Float64Array[],
  rewarded: readonly Float64Array[],
): void {
  const top = weights[m]!
  const topReward = top === 0 ? 0 : top * reward(m)
  for (let t = weight.length - 1; t >= 0; t--) {
    const w = weight[t]!
    const v = rewarded[t]!
    for (let d = total; d >= 0; d--) {
      let sumW = 0
      let sumV = 0
      for (let j = Math.min(m - 1, d); j >= 0; j--) {
        sumW += weights[j]! * w[d - j]!
        sumV += weights[j]! * v[d - j]!
      }
      if (t > 0 && d >= m) {
        const fewer = weight[t - 1]![d - m]!
        sumW += top * fewer
        sumV += top * rewarded[t - 1]![d - m]! + topReward * fewer
      }
      w[d] = sumW
      v[d] = sumV
    }
  }
}
