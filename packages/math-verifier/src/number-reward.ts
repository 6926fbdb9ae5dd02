import { invalidData, type RewardFunction } from '@posttrain/core'
import type { AnswerOptions } from './answer-options.js'
import { answerReward } from './answer-reward.js'
import type { ExtractionRule } from './extract-answer.js'
import { isNumber } from './kinds/is-number.js'
import { readAnswer } from './kinds/read-answer.js'

/**
 * Reward 1 for a completion whose last number is the task's reference, as exact rationals, otherwise 0.
 *
 * It is `mathReward` for tasks whose answers are numbers, as in GSM8K: with thousands separators, units, currencies,
 * percentages, mixed fractions, repeating decimals or scientific notation. What is no number is wrong.
 *
 * @param options.rules how an answer is found (default: all rules of `extractAnswer`, in its order)
 * @returns a RewardFunction; it rejects with `invalid-data` for a task whose reference is no number
 * @throws PosttrainError `invalid-argument` for options that are not known
 * @example
 * ```ts
 * numberReward({ rules: ['hashes'] }).name // => 'number'
 * ```
 */
export function numberReward(
  options: AnswerOptions & { readonly rules?: readonly ExtractionRule[] | undefined } = {},
): RewardFunction {
  return answerReward('number', options, {
    checkReference({ id, reference }) {
      if (isNumber(readAnswer(reference)) !== true)
        throw invalidData(
          `the reference of task ${id} is no number, but ${JSON.stringify(reference)}`,
          'use mathReward',
        )
    },
    isAnswer: (answer) => isNumber(readAnswer(answer)) !== false,
  })
}
