import { invalidData, throwIfAborted, type Outcome, type RewardFunction } from '@posttrain/core'
import type { AnswerOptions } from './answer-options.js'
import { answerKey, compareAnswers } from './compare-answers.js'
import { extractAnswer } from './extract-answer.js'

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
  const key = answerKey(answer, options)
  const vote = key === undefined ? {} : { answer: key }
  return comparison.verdict === 'cannot-tell'
    ? { kind: 'unscored', reason: comparison.reason, ...vote }
    : { kind: 'scored', reward: comparison.verdict === 'equal' ? 1 : 0, ...vote }
}
