import type { RewardFunction, Task } from '@posttrain/core'
import { askReward } from '@posttrain/sampling'

/**
 * A reward function whose scores are transformed; unscored samples, answers and parts stay as they are.
 *
 * @param reward what is transformed
 * @param name of the result
 * @param transform made once per call and task
 * @example
 * ```ts
 * const length: RewardFunction = {
 *   name: 'length',
 *   score: async (_, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: text.length })),
 * }
 * transformReward(length, 'log length', () => Math.log).name // => 'log length'
 * ```
 */
export function transformReward(
  reward: RewardFunction,
  name: string,
  transform: (task: Task) => (reward: number) => number,
): RewardFunction {
  return {
    name,
    comparesSamples: reward.comparesSamples,
    gives: reward.gives,
    async score(task, samples, options = {}) {
      const outcomes = await askReward(reward, task, samples, options)
      const of = transform(task)
      return outcomes.map((outcome) =>
        outcome.kind === 'scored' ? { ...outcome, reward: of(outcome.reward) } : outcome,
      )
    },
  }
}
