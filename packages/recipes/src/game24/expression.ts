import { PosttrainError, requireInteger } from '@posttrain/core'
import {
  equalRationals,
  evaluateExpression,
  formatRational,
  numbersOfExpression,
  parseExpression,
  rational,
  type Rational,
  type Verdict,
} from '@posttrain/rewards'

/**
 * Whether an expression uses each of the numbers exactly once and has exactly the target as its value.
 *
 * @param expression infix text, for instance `(10 - 4) * (13 - 9)`
 * @param numbers the integers of the puzzle
 * @param target the integer to be reached
 * @throws PosttrainError `invalid-argument` for numbers that are not integers; a wrong expression is a verdict.
 * @example
 * ```ts
 * verifyExpression('(10 - 4) * (13 - 9)', [4, 9, 10, 13]).correct // => true
 * verifyExpression('4 * 6', [4, 9, 10, 13]).reason // => 'uses 4, 6 instead of 4, 9, 10, 13'
 * ```
 */
export function verifyExpression(expression: string, numbers: readonly number[], target = 24): Verdict {
  const given = sortedTexts(numbers.map((n, i) => rational(BigInt(requireInteger(`numbers[${i}]`, n)))))
  requireInteger('target', target)
  try {
    const parsed = parseExpression(expression)
    const used = sortedTexts(numbersOfExpression(parsed))
    // The leaves are compared first: the value of an expression with the right leaves is small.
    if (used !== given) return { correct: false, reason: `uses ${used} instead of ${given}` }
    const value = evaluateExpression(parsed)
    if (value === undefined) return { correct: false, reason: 'divides by 0' }
    const correct = equalRationals(value, rational(BigInt(target)))
    return { correct, reason: `uses each number once and is ${formatRational(value)}` }
  } catch (error) {
    if (error instanceof PosttrainError) return { correct: false, reason: error.message }
    throw error
  }
}

const sortedTexts = (numbers: readonly Rational[]): string =>
  numbers
    .map(formatRational)
    .sort((a, b) => Number(a) - Number(b))
    .join(', ')

/**
 * The expression in a free-form answer: the last line, without a leading `Answer:` and from its first `=` on cut off.
 *
 * This is how the labels of the Tree of Thoughts logs were made (Yao et al. 2023, https://arxiv.org/abs/2305.10601).
 *
 * @example
 * ```ts
 * extractAnswerExpression('10 - 4 = 6 (left: 5 6 6)\nAnswer: (10 - 6) * (5 + 4) = 24') // => '(10 - 6) * (5 + 4)'
 * ```
 */
export function extractAnswerExpression(text: string): string {
  const lastLine = text.trim().split('\n').at(-1)!
  return lastLine
    .replace(/answer:/i, '')
    .split('=')[0]!
    .trim()
}
