import { expect, it } from 'vitest'
import { numberReward } from '../src/number-reward.js'

const score = (reference: string, texts: readonly string[], options = {}) =>
  numberReward(options).score(
    { id: 't', prompt: '', reference },
    texts.map((text) => ({ text, tokens: [], logprobs: [] }) as never),
  )

it('compares numbers exactly in each way of writing them', async () => {
  const right = ['#### 1,234.50', 'That is \\boxed{\\$1234.5}', 'The answer is 1234 1/2.', 'so 2469/2', '#### 1.2345e3']
  expect(await score('1234.5', right)).toEqual(right.map(() => expect.objectContaining({ kind: 'scored', reward: 1 })))
  const wrong = ['#### 1234.49999', '#### 1234', 'nothing', '\\boxed{1234.5} \\boxed{3}', '#### 1,2,3', '#### x']
  expect(await score('1234.5', wrong)).toEqual(wrong.map(() => expect.objectContaining({ kind: 'scored', reward: 0 })))
})

it('votes by the number and its unit', async () => {
  expect(await score('3', ['#### 6/2', '#### 3 apples', '#### x+1'])).toEqual([
    { kind: 'scored', reward: 1, answer: '3' },
    { kind: 'scored', reward: 1, answer: '3 apples' },
    { kind: 'scored', reward: 0 },
  ])
})

it('finds the answer by the rules that are given', async () => {
  expect(await score('18', ['A: 18\nB: 19', '#### 18'], { rules: [/^A: (.*)$/m] })).toEqual([
    { kind: 'scored', reward: 1, answer: '18' },
    { kind: 'scored', reward: 0 },
  ])
  expect(() => numberReward({ rules: ['first' as never] })).toThrow('"first" is no rule of extraction')
})

it('refuses a reference that is no number', async () => {
  await expect(score('x+1', ['5'])).rejects.toThrow('the reference of task t is no number, but "x+1"')
  await expect(score('9^{9^{9^{9^9}}}', ['5'])).rejects.toThrow('is no number')
})
