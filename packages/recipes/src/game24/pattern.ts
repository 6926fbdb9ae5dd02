import { PosttrainError, type Sample } from '@posttrain/core'
import { evaluateExpression, formatRational, parseExpression, type Expression, type Operator } from '@posttrain/rewards'
import { extractAnswerExpression } from './expression.js'
import { parseTrace } from './trace.js'

/**
 * How 24 is finally made: as one of its products, as a product of other numbers (fractions or negative ones, or one
 * that is not 24), as a sum, a difference or a quotient; or by a neutral step, + 0, − 0, · 1 or / 1.
 */
export type Game24Pattern =
  '2 * 12' | '3 * 8' | '4 * 6' | 'other product' | 'sum' | 'difference' | 'quotient' | 'neutral step'

/** The last operation, with its operands as they are written. */
interface LastOperation {
  readonly left: string
  readonly operator: Operator
  readonly right: string
}

/**
 * The pattern of a solution of Game of 24: what its last operation is, and of what. Right and wrong answers have one,
 * for a pattern's success is the share of its answers that are right.
 *
 * @param sample a stepwise trace, or an answer whose last line is an expression
 * @returns undefined for a trace that was not finished, and for what is neither a trace nor an operation
 * @example
 * ```ts
 * game24Pattern({ text: '13 - 9 4 10 4 | 10 - 4 4 6 | 6 * 4 24 .', finish: 'stop' }) // => '4 * 6'
 * game24Pattern({ text: 'Answer: 8 / (3 - 8 / 3) = 24', finish: 'stop' }) // => 'quotient'
 * game24Pattern({ text: '13 - 9 4 10 4 | 10', finish: 'length' }) // => undefined
 * ```
 */
export function game24Pattern({ text, finish }: Pick<Sample, 'text' | 'finish'>): Game24Pattern | undefined {
  const steps = parseTrace(text)
  if (typeof steps !== 'string') {
    const { left, operator, right } = steps.at(-1)!
    return patternOf({ left: formatRational(left), operator, right: formatRational(right) })
  }
  if (finish !== 'stop') return undefined // the start of a trace, `13 - 9`, reads as an expression
  const last = lastOperation(extractAnswerExpression(text))
  return last && patternOf(last)
}

function patternOf({ left, operator, right }: LastOperation): Game24Pattern {
  const isCommutative = operator === '+' || operator === '*'
  const neutral = operator === '+' || operator === '-' ? '0' : '1'
  if (right === neutral || (isCommutative && left === neutral)) return 'neutral step'
  if (operator === '+') return 'sum'
  if (operator === '-') return 'difference'
  if (operator === '/') return 'quotient'
  const factors = [left, right].sort((a, b) => Number(a) - Number(b)).join(' * ')
  return factors === '2 * 12' || factors === '3 * 8' || factors === '4 * 6' ? factors : 'other product'
}

function lastOperation(text: string): LastOperation | undefined {
  try {
    let expression = parseExpression(text)
    while (expression.kind === 'negation') expression = expression.operand
    if (expression.kind === 'number') return undefined
    const { operator, left, right } = expression
    return { left: valueOf(left), operator, right: valueOf(right) }
  } catch (error) {
    if (error instanceof PosttrainError) return undefined
    throw error
  }
}

function valueOf(expression: Expression): string {
  const value = evaluateExpression(expression)
  return value === undefined ? 'none' : formatRational(value)
}
