import { requireFiniteArray, requireInteger, requireLength } from '@posttrain/core'
import type { Distribution } from '../distribution.js'
import { logBestOfNTilt, type RewardLevel } from './best-of-n-tilt.js'

/** The level of each outcome under a policy. */
function levelsOf({ probabilities }: Distribution, rewards: ArrayLike<number>): RewardLevel[] {
  const massAt = new Map<number, number>()
  probabilities.forEach((p, i) => massAt.set(rewards[i]!, (massAt.get(rewards[i]!) ?? 0) + p))
  const levels = new Map<number, RewardLevel>()
  let below = 0
  for (const reward of [...massAt.keys()].sort((a, b) => a - b)) {
    const mass = massAt.get(reward)!
    // Rounding may have made a sum of probabilities a little more than 1.
    levels.set(reward, { below: Math.min(1, below), mass: Math.min(1, mass) })
    below += mass
  }
  return Array.from(probabilities, (_, i) => levels.get(rewards[i]!)!)
}

/** Checks the arguments all of best-of-n share and gives each outcome's level. */
export function bestOfNLevels(policy: Distribution, rewards: ArrayLike<number>, n: number): readonly RewardLevel[] {
  requireFiniteArray('rewards', rewards)
  requireLength('rewards', rewards, policy.probabilities.length)
  requireInteger('n', n, { min: 1 })
  return levelsOf(policy, rewards)
}

/**
 * The distribution of the answer of best-of-n, exact and with ties: π_bon(y) = p(y)/E · [(F + E)ⁿ − Fⁿ], with F the
 * probability of a lower reward and E that of the same reward.
 *
 * Among tied samples the pick is uniform.
 *
 * @param policy what the n samples are drawn from
 * @param rewards (outcomes): what the best is chosen by
 * @param n samples, at least 1
 * @returns (outcomes): probabilities
 * @throws PosttrainError `invalid-argument` for different lengths or an n below 1
 * @example
 * ```ts
 * bestOfNDistribution(fromProbabilities([0.5, 0.5]), [0, 1], 2) // => new Float64Array([0.25, 0.75])
 * ```
 */
export function bestOfNDistribution(policy: Distribution, rewards: ArrayLike<number>, n: number): Float64Array {
  const levels = bestOfNLevels(policy, rewards, n)
  return policy.probabilities.map((p, i) => (p === 0 ? 0 : p * Math.exp(logBestOfNTilt(levels[i]!, n))))
}

/**
 * The formula of best-of-n for rewards without ties, (F + p)ⁿ − Fⁿ with the outcome's own probability p in place of its
 * level's (Amini et al. 2024, https://arxiv.org/abs/2407.06057). With ties it adds up to less than 1 and is wrong.
 *
 * @param policy what the n samples are drawn from
 * @param rewards (outcomes): what the best is chosen by
 * @param n samples, at least 1
 * @returns (outcomes)
 * @throws PosttrainError `invalid-argument` for different lengths or an n below 1
 * @example
 * ```ts
 * strictBestOfN(fromProbabilities([0.5, 0.5]), [1, 1], 2) // => new Float64Array([0.25, 0.25])
 * ```
 */
export function strictBestOfN(policy: Distribution, rewards: ArrayLike<number>, n: number): Float64Array {
  const levels = bestOfNLevels(policy, rewards, n)
  return policy.probabilities.map((p, i) =>
    p === 0 ? 0 : p * Math.exp(logBestOfNTilt({ below: levels[i]!.below, mass: p }, n)),
  )
}
