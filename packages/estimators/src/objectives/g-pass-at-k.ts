import { sum } from '@posttrain/core'
import type { Objective } from '@posttrain/core'
import { correctAmongDrawn, gPassAtK, meanGPassAtK, neededAmong, sharesOfMean } from '../g-pass-at-k.js'
import { binaryRewards } from '../rewards.js'
import { checkedObjective } from './checked-objective.js'
import { minAdvantages, samplesForBaseline } from './max-advantages.js'

/** How many samples are drawn, and what share of them must be correct. */
export interface GPassAtKObjectiveOptions {
  /** Samples the deployed procedure draws. */
  readonly k: number
  /** From 0 to 1; 0 asks for one correct sample. */
  readonly tau: number
}

/**
 * The probability that at least a share τ of k samples is correct (Liu et al. 2024, https://arxiv.org/abs/2412.13147),
 * with leave-one-out advantages averaged exactly over all k-subsets that contain the sample.
 *
 * A correct sample decides where exactly ⌈τk⌉ − 1 of its k − 1 companions are correct: Aᵢ = (k/n)·P(that many), and 0
 * for a wrong one. Where all must be correct, advantages are those of pass^k.
 *
 * @param options k and τ
 * @returns an objective named `G-Pass@K_TAU`; its functions throw for rewards other than 0 and 1
 * @throws PosttrainError `invalid-argument` for a k that is not a positive integer, τ outside [0, 1]
 * @example
 * ```ts
 * const outcomes = [1, 1, 0, 0].map((reward) => ({ kind: 'scored' as const, reward }))
 * gPassAtKObjective({ k: 2, tau: 1 }).estimate(outcomes) // => 0.1667
 * ```
 */
export function gPassAtKObjective({ k, tau }: GPassAtKObjectiveOptions): Objective {
  const needed = neededAmong(k, tau)
  return objectiveOfThresholds(`G-Pass@${k}_${tau}`, k, [needed], 1, (n, c) => gPassAtK(n, c, k, tau))
}

/**
 * The mean of G-Pass@k_τ over the shares above one half, mG-Pass@k (Liu et al. 2024,
 * https://arxiv.org/abs/2412.13147), with the mean of their advantages.
 *
 * @param options k
 * @returns an objective named `mG-Pass@K`; its functions throw for rewards other than 0 and 1
 * @throws PosttrainError `invalid-argument` for a k that is not a positive integer
 * @example
 * ```ts
 * const outcomes = [1, 1, 1, 0].map((reward) => ({ kind: 'scored' as const, reward }))
 * meanGPassAtKObjective({ k: 4 }).estimate(outcomes) // => 0.5
 * ```
 */
export const meanGPassAtKObjective = ({ k }: { readonly k: number }): Objective =>
  objectiveOfThresholds(`mG-Pass@${k}`, k, sharesOfMean(k), 2 / k, (n, c) => meanGPassAtK(n, c, k))

/** weight · Σ over thresholds of P(at least so many of k are correct). */
function objectiveOfThresholds(
  name: string,
  k: number,
  thresholds: readonly number[],
  weight: number,
  estimateCounts: (n: number, c: number) => number,
): Objective {
  const baseline = 'leave-one-out-minus-one'
  return checkedObjective({
    name,
    k,
    minimumSamples: samplesForBaseline(k, baseline),
    read: (outcomes) => binaryRewards(name, outcomes),
    estimate: (rewards) => estimateCounts(rewards.length, sum(rewards)),
    estimateCounts,
    advantages(rewards) {
      const [n, c] = [rewards.length, sum(rewards)]
      const companions = c === 0 ? new Float64Array(k) : correctAmongDrawn(n - 1, c - 1, k - 1)
      const decides = sum(thresholds.map((needed) => (needed < k ? companions[needed - 1]! : 0)))
      const all = thresholds.includes(k) ? minAdvantages(rewards, k, baseline) : new Float64Array(n)
      return Array.from(all, (ofAll, i) => weight * (ofAll + rewards[i]! * (k / n) * decides))
    },
  })
}
