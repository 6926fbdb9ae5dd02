/** One answer of a vote over random counts. */
export interface VoteClass {
  /** Entry j: the weight of j votes for this answer. */
  readonly weights: Float64Array
  /** Expected reward of the answer when it wins with j votes. */
  readonly reward: (votes: number) => number
}

/** A vote among answers whose counts are independent but for their total. */
export interface Vote {
  readonly classes: readonly VoteClass[]
  /** Entry j: the weight of j samples that do not vote. */
  readonly abstentions: Float64Array
  /** Samples drawn, voting or not. */
  readonly total: number
}

/**
 * Σ over all counts that add up to `total` of their weight times the reward of the plurality; where t answers tie at the
 * top, their mean ('share') or 0 ('strict'), and 0 where nobody votes.
 *
 * For each height m of the winner, a dynamic programme over the answers keeps, per number of samples d used and answers t
 * at height m, the weight of the partial counts and the weight times the rewards at the top. One answer takes fewer
 * than m votes or exactly m; O(n·k²·log k) in all, where enumerating subsets takes C(n, k).
 */
export function pluralitySum({ classes, abstentions, total }: Vote, ties: 'share' | 'strict'): number {
  const tallest = classes.reduce((most, { weights }) => Math.max(most, weights.length - 1), 0)
  let sum = 0
  for (let m = 1; m <= Math.min(total, tallest); m++) {
    const mostTied = Math.min(classes.length, Math.floor(total / m))
    const weight = Array.from({ length: mostTied + 1 }, () => new Float64Array(total + 1))
    const rewarded = Array.from({ length: mostTied + 1 }, () => new Float64Array(total + 1))
    weight[0]!.set(abstentions.subarray(0, total + 1))
    for (const voteClass of classes) addClass(voteClass, m, total, weight, rewarded)
    for (let t = 1; t <= mostTied; t++) {
      if (ties === 'share') sum += rewarded[t]![total]! / t
      else if (t === 1) sum += rewarded[t]![total]!
    }
  }
  return sum
}

/** Multiplies one answer in, in place: t and d descend so that what is read is still from before this answer. */
function addClass(
  { weights, reward }: VoteClass,
  m: number,
  total: number,
  weight: readonly Float64Array[],
  rewarded: readonly Float64Array[],
): void {
  const below = Math.min(m, weights.length) // votes 0 … below − 1 do not reach the top
  const top = m < weights.length ? weights[m]! : 0
  const topReward = top === 0 ? 0 : top * reward(m)
  for (let t = weight.length - 1; t >= 0; t--) {
    const w = weight[t]!
    const v = rewarded[t]!
    for (let d = total; d >= 0; d--) {
      let sumW = 0
      let sumV = 0
      for (let j = Math.min(below - 1, d); j >= 0; j--) {
        sumW += weights[j]! * w[d - j]!
        sumV += weights[j]! * v[d - j]!
      }
      if (top !== 0 && t > 0 && d >= m) {
        const fewer = weight[t - 1]![d - m]!
        sumW += top * fewer
        sumV += top * rewarded[t - 1]![d - m]! + topReward * fewer
      }
      w[d] = sumW
      v[d] = sumV
    }
  }
}
