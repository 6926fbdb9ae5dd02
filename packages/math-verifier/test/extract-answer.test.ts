import { expect, it } from 'vitest'
import { extractAnswer } from '../src/extract-answer.js'

it.each([
  ['5 + 2 = 7\n#### 7', '7', 'hashes'],
  ['so \\boxed{\\frac{1}{2}} it is', '\\frac{1}{2}', 'boxed'],
  ['\\boxed{\\{1, 2\\}}', '\\{1, 2\\}', 'boxed'],
  ['\\boxed{3} and again \\boxed{3}', '3', 'boxed'],
  ['The answer is $5$.', '$5$', 'answer-is'],
  ['Final answer: 5.', '5', 'answer-is'],
  ['To answer this, add 5 and 3 to get 8.', '8', 'last-number'],
  ['They pay 1,234.5 in all', '1,234.5', 'last-number'],
])('%s', (text, answer, rule) => {
  expect(extractAnswer(text)).toEqual({ answer, rule })
})

it('finds no answer in two different boxes, nor where there is none', () => {
  expect(extractAnswer('\\boxed{4} or \\boxed{5}')).toEqual({
    answer: undefined,
    reason: '2 different answers by the rule boxed',
  })
  expect(extractAnswer('nothing', ['boxed'])).toEqual({ answer: undefined, reason: 'no answer by boxed' })
})

it('takes the first group of the last match of an expression, and refuses other rules', () => {
  const rule = /^A: (.*)$/m
  expect(extractAnswer('A: 1\nA: 2', [rule])).toEqual({ answer: '2', rule })
  expect(extractAnswer('B: 1', [rule, 'boxed'])).toEqual({
    answer: undefined,
    reason: 'no answer by /^A: (.*)$/m, boxed',
  })
  expect(() => extractAnswer('', ['first' as never])).toThrow('"first" is no rule of extraction')
  expect(() => extractAnswer(5 as never)).toThrow('the completion must be a text, but is number')
})
