import { chosenCount, requireInteger, type RewardFunction } from '@posttrain/core'
import { askReward } from '@posttrain/sampling'

/**
 * What DAPO adds to the reward of a completion of `length` tokens: 0 up to maxTokens − cache, then a slope down to −1.
 *
 * Yu et al. 2025, eq. 13, https://arxiv.org/abs/2503.14476
 *
 * @example
 * ```ts
 * overlongPenalty(17408, { maxTokens: 20480, cache: 4096 }) // => -0.25
 * ```
 */
export const overlongPenalty = (
  length: number,
  { maxTokens, cache }: Parameters<typeof withOverlongPenalty>[1],
): number => Math.max(-1, Math.min(0, (maxTokens - cache - length) / cache))

/**
 * A reward with DAPO's soft punishment of long completions added to it.
 *
 * @throws PosttrainError `invalid-argument` unless 1 ≤ cache ≤ maxTokens
 */
export function withOverlongPenalty(
  reward: RewardFunction,
  options: {
    /** Longest completion allowed, in tokens. */
    readonly maxTokens: number
    /** Width of the slope below it. */
    readonly cache: number
  },
): RewardFunction {
  requireInteger('maxTokens', options.maxTokens, { min: 1 })
  requireInteger('cache', options.cache, { min: 1, max: options.maxTokens })
  return {
    name: `${reward.name}, overlong punished`,
    comparesSamples: reward.comparesSamples,
    gives: reward.gives,
    score: async (task, samples, call = {}) =>
      (await askReward(reward, task, samples, call)).map((outcome, i) => {
        if (outcome.kind === 'unscored') return outcome
        return { ...outcome, reward: outcome.reward + overlongPenalty(chosenCount(samples[i]!), options) }
      }),
  }
}
