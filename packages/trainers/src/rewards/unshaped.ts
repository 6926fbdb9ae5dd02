import type { RewardFunction, ScoredOutcome } from '@posttrain/core'
import { askReward } from '@posttrain/sampling'

/** Name of the part that keeps the reward of the task where an algorithm makes another of it. */
const UNSHAPED = 'reward before shaping'

/**
 * What an algorithm makes of the task's reward, with that itself kept as a part: what is right is not decided by the
 * length of an answer.
 *
 * @param shape as `transformReward` of an algorithm: it keeps the parts of what it is given
 */
export const shaped = (reward: RewardFunction, shape: (reward: RewardFunction) => RewardFunction): RewardFunction =>
  shape({
    ...reward,
    score: async (task, samples, options = {}) =>
      (await askReward(reward, task, samples, options)).map((outcome) =>
        outcome.kind === 'scored' ? { ...outcome, parts: { ...outcome.parts, [UNSHAPED]: outcome.reward } } : outcome,
      ),
  })

/**
 * The reward of the task, before an algorithm made another of it: what the groups of a training event say of success.
 *
 * @param outcome of a group of a rollout or an update, or any other
 * @returns its reward where no algorithm made another of it
 * @example
 * ```ts
 * unshaped({ kind: 'scored', reward: 1 }) // => 1
 * ```
 */
export const unshaped = ({ reward, parts }: ScoredOutcome): number => parts?.[UNSHAPED] ?? reward
