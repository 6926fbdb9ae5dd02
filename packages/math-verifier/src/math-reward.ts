import type { RewardFunction } from '@posttrain/core'
import { answerReward, type AnswerRewardOptions } from './answer-reward.js'

/**
 * Reward 1 for a completion whose answer equals the task's reference, otherwise 0; unscored where that cannot be told.
 *
 * `answer`, by which completions vote, is the answer's own key, whatever the reference says: `12 cm` and `12` vote
 * apart, though both equal a reference of `12 cm`. Several different boxes are wrong and cast no vote.
 *
 * @returns a RewardFunction; it rejects with `invalid-data` for a task without a reference
 * @throws PosttrainError `invalid-argument` for options that are not known
 * @example
 * ```ts
 * mathReward().name // => 'math'
 * ```
 */
export const mathReward = (options: AnswerRewardOptions = {}): RewardFunction => answerReward('math', options)
