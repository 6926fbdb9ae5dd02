import { invalidData, throwIfAborted, type Outcome, type RewardFunction, type Sample } from '@posttrain/core'
import type { AnswerOptions } from './answer-options.js'
import { answerKey, compareAnswers } from './compare-answers.js'
import { extractAnswer, extractionRules, type ExtractionRule } from './extract-answer.js'
import type { SecondOpinion } from './second-opinion.js'

/** What a reward asks for beyond being equal. */
interface Kind {
  checkReference?(task: { readonly id: string; readonly reference: string }): void
  isAnswer?(answer: string): boolean
}

/** How answers are found and compared. */
export interface AnswerRewardOptions extends AnswerOptions {
  /** How an answer is found (default: all rules of `extractAnswer`, in its order). */
  readonly rules?: readonly ExtractionRule[] | undefined
  /** Asked where it cannot be told whether two answers are equal (default: nobody). */
  readonly secondOpinion?: SecondOpinion | undefined
}

/** A reward function that extracts, compares and gives the answer's own key as its vote. */
export function answerReward(
  name: string,
  { rules = extractionRules, secondOpinion, ...options }: AnswerRewardOptions,
  kind: Kind = {},
): RewardFunction {
  answerKey('', options)
  extractAnswer('', rules)
  return {
    name,
    async score({ id, reference: solution }, samples, settings) {
      throwIfAborted(settings?.signal)
      const reference = solution === undefined ? undefined : labelIn(solution)
      if (reference === undefined) throw invalidData(`task ${id} has no reference for ${name} to compare with`)
      kind.checkReference?.({ id, reference })
      const judge = async ({ text }: Sample): Promise<Outcome> => {
        const { answer } = extractAnswer(text, rules)
        if (answer === undefined || kind.isAnswer?.(answer) === false) return { kind: 'scored', reward: 0 }
        const key = answerKey(answer, options)
        const vote = key === undefined ? {} : { answer: key }
        const comparison = compareAnswers(reference, answer, options)
        if (comparison.verdict !== 'cannot-tell') {
          return { kind: 'scored', reward: comparison.verdict === 'equal' ? 1 : 0, ...vote }
        }
        const isEqual = (await secondOpinion?.isEqual(reference, answer, settings)) ?? false
        return isEqual
          ? { kind: 'scored', reward: 1, ...vote }
          : { kind: 'unscored', reason: comparison.reason, ...vote }
      }
      return Promise.all(samples.map(judge))
    },
  }
}

/** The answer of a reference: data sets give worked solutions that mark it, GSM8K by #### and MATH by a box. */
const labelIn = (solution: string): string => extractAnswer(solution, ['hashes', 'boxed']).answer ?? solution
