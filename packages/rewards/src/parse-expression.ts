import { invalidData } from '@posttrain/core'
import type { Expression } from './arithmetic-expression.js'
import { parseRational, type Operator } from './rational.js'

/** Unicode signs that models write, and what they mean. */
const signs: Readonly<Record<string, string>> = { '×': '*', '·': '*', '÷': '/', '−': '-', '–': '-' }

/** Text from a model may nest without end; the call stack does not. */
const longestExpression = 1000

/**
 * Reads an infix expression of + − * / and parentheses; × · ÷ and the unicode minus are understood too. Numbers are
 * integers or decimals. A minus sign before an operand negates it.
 *
 * @throws PosttrainError `invalid-data`, naming the position (from 1) where the text stops being an expression, or
 *   for more than 1,000 characters.
 * @example
 * ```ts
 * formatExpression(parseExpression('((10 − 4) × (13 - 9))')) // => '(10 - 4) * (13 - 9)'
 * ```
 */
export function parseExpression(text: string): Expression {
  if (text.length > longestExpression) {
    throw invalidData(`an expression may have ${longestExpression} characters, but this one has ${text.length}`)
  }
  let position = 0

  const peek = (): string => {
    while (/\s/.test(text.charAt(position))) position++
    const symbol = text.charAt(position)
    return signs[symbol] ?? symbol
  }
  const failure = (expected: string): Error => {
    const found = peek() === '' ? 'the end' : JSON.stringify(text.charAt(position))
    return invalidData(
      `expected ${expected} at position ${position + 1} of ${JSON.stringify(text)}, but found ${found}`,
    )
  }

  /** operand (symbol operand)*, grouped to the left. */
  const chain = (symbols: string, operand: () => Expression): Expression => {
    let left = operand()
    for (let symbol = peek(); symbol !== '' && symbols.includes(symbol); symbol = peek()) {
      position++
      left = { kind: 'operation', operator: symbol as Operator, left, right: operand() }
    }
    return left
  }
  const sum = (): Expression => chain('+-', product)
  const product = (): Expression => chain('*/', factor)

  const factor = (): Expression => {
    const symbol = peek()
    if (symbol === '-') {
      position++
      return { kind: 'negation', operand: factor() }
    }
    if (symbol === '(') {
      position++
      const inner = sum()
      if (peek() !== ')') throw failure("an operator or ')'")
      position++
      return inner
    }
    const literal = /^\d+(\.\d+)?/.exec(text.slice(position))?.[0]
    if (literal === undefined) throw failure("a number or '('")
    position += literal.length
    return { kind: 'number', value: parseRational(literal) }
  }

  const expression = sum()
  if (peek() !== '') throw failure('an operator or the end')
  return expression
}
