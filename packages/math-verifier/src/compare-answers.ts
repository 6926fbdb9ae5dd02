import { equalAnswers } from './kinds/compare.js'
import { keyOf } from './kinds/key.js'
import { readAnswer } from './kinds/read-answer.js'
import { roundsTo } from './kinds/rounded.js'
import { bounded } from './limits/undecided.js'
import { withOptions, type AnswerOptions } from './answer-options.js'

/** What is known of two answers. */
export type AnswerComparison =
  { readonly verdict: 'equal' | 'different' } | { readonly verdict: 'cannot-tell'; readonly reason: string }

/**
 * Whether an answer equals the reference, decided exactly: no floating point and no tolerance.
 *
 * Answers of different kinds (a number, a tuple, an interval, a set, text) are different. A unit, a currency or a name
 * (`x = 5`) that only one of the two states is taken as agreed.
 *
 * @throws PosttrainError `invalid-argument` for what is no text and for options that are not known.
 * @example
 * ```ts
 * compareAnswers('\\frac{1}{\\sqrt{2}}', 'sqrt(2)/2') // => { verdict: 'equal' }
 * compareAnswers('\\frac{1}{3}', '0.333') // => { verdict: 'different' }
 * ```
 */
export function compareAnswers(reference: string, answer: string, options: AnswerOptions = {}): AnswerComparison {
  const read = withOptions(options)
  return bounded(() => compared(read, reference, answer, options))
}

function compared(
  read: ReturnType<typeof withOptions>,
  reference: string,
  answer: string,
  options: AnswerOptions,
): AnswerComparison {
  const [left, right] = [read('reference', reference, readAnswer), read('answer', answer, readAnswer)]
  const same = reference.trim() === answer.trim() ? true : equalAnswers(left, right)
  const equal = same === false && options.roundToGivenDigits ? roundsTo([reference, answer], [left, right]) : same
  if (typeof equal === 'string') return { verdict: 'cannot-tell', reason: equal }
  return { verdict: equal ? 'equal' : 'different' }
}

/**
 * A text that two answers share if they are equal, for votes; undefined where the answer has none.
 *
 * A unit or a name is part of the key: `12 cm` and `12` have two keys.
 *
 * @throws PosttrainError `invalid-argument` for what is no text and for options that are not known.
 * @example
 * ```ts
 * answerKey('0.75') // => '3/4'
 * answerKey('\\tfrac{3}{4}') // => '3/4'
 * ```
 */
export function answerKey(answer: string, options: AnswerOptions = {}): string | undefined {
  const read = withOptions(options)
  return bounded(() => keyOf(read('answer', answer, readAnswer)))
}
