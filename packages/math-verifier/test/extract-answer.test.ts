import { expect, it } from 'vitest'
import { extractAnswer } from '../src/extract-answer.js'

it.each([
  ['5 + 2 = 7\n#### 7', '7', 'hashes'],
  ['so \\boxed{\\frac{1}{2}} it is', '\\frac{1}{2}', 'boxed'],
  ['\\boxed{\\{1, 2\\}}', '\\{1, 2\\}', 'boxed'],
  ['\\boxed{3} and again \\boxed{3}', '3', 'boxed'],
  ['The answer is $5$.', '$5$', 'answer-is'],
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
