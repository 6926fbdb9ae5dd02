import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateExpression, formatExpression, formatRational, parseExpression } from '@posttrain/rewards'
import { arbitraryExpression } from './arbitrary-expression.js'

describe('parseExpression', () => {
  it('groups as JavaScript does', () => {
    fc.assert(
      fc.property(arbitraryExpression('+', '-', '*'), (e) => {
        const text = formatExpression(e)
        const expected: unknown = runInNewContext(text.replace(/\d+/g, '$&n'))
        expect(formatRational(evaluateExpression(parseExpression(text))!)).toBe(String(expected))
      }),
    )
  })

  it('understands the signs of typeset arithmetic and needs no spaces', () => {
    expect(formatExpression(parseExpression('(10−4)×6÷2·1–3'))).toBe('(10 - 4) * 6 / 2 * 1 - 3')
    expect(formatExpression(parseExpression('-(3-11)*3'))).toBe('(-(3 - 11)) * 3')
  })

  it.each([
    ['', 'expected a number or \'(\' at position 1 of "", but found the end'],
    ['4 * (6', 'expected an operator or \')\' at position 7 of "4 * (6", but found the end'],
    ['4 6', 'expected an operator or the end at position 3 of "4 6", but found "6"'],
    ['4 ** 2', 'expected a number or \'(\' at position 4 of "4 ** 2", but found "*"'],
    ['4 + x', 'expected a number or \'(\' at position 5 of "4 + x", but found "x"'],
    ['4! + 1', 'expected an operator or the end at position 2 of "4! + 1", but found "!"'],
  ])('names the position where %j stops being an expression', (text, message) => {
    expect(() => parseExpression(text)).toThrow(message)
  })

  it('refuses endless text before the call stack does', () => {
    expect(() => parseExpression('('.repeat(1000))).toThrow('position 1001')
    expect(() => parseExpression('-'.repeat(1001))).toThrow('1000 characters')
  })
})
