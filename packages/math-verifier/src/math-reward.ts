import { invalidData, throwIfAborted, type Outcome, type RewardFunction } from '@posttrain/core'
import type { AnswerOptions } from './answer-options.js'
import { answerKey, compareAnswers } from './compare-answers.js'
import { extractAnswer } from './extract-answer.js'

/**
 * Reward 1 for a completion whose answer equals the task's reference, otherwise 0; unscored where that cannot be told.
 *
 * `answer`, by which completions vote, is the key of the reference for an answer equal to it, and otherwise its own.
 * Several different boxes are wrong and cast no vote.
 *
 * @returns a RewardFunction; it rejects with `invalid-data` for a task without a reference
 * @throws PosttrainError `invalid-argument` for options that are not known
 * @example
 * ```ts
 * mathReward().name // => 'math'
 * ```
 */
export function mathReward(options: AnswerOptions = {}): RewardFunction {
  answerKey('', options)
  return {
    name: 'math',
    async score({ id, reference }, samples, settings) {
      throwIfAborted(settings?.signal)
      if (reference === undefined) throw invalidData(`task ${id} has no reference for math to compare with`)
      return samples.map(({ text }) => outcome(reference, text, options))
    },
  }
}

function outcome(reference: string, text: string, options: AnswerOptions): Outcome {
  const { answer } = extractAnswer(text)
  if (answer === undefined) return { kind: 'scored', reward: 0 }
  const comparison = compareAnswers(reference, answer, options)
  if (comparison.verdict === 'cannot-tell') return { kind: 'unscored', reason: comparison.reason }
  const equal = comparison.verdict === 'equal'
  const key = equal ? (answerKey(reference, options) ?? reference) : answerKey(answer, options)
  return { kind: 'scored', reward: equal ? 1 : 0, ...(key === undefined ? {} : { answer: key }) }
}
