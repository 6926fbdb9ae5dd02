import { expect, it } from 'vitest'
import { mathReward } from '../src/math-reward.js'

const score = (reference: string | undefined, ...texts: string[]) =>
  mathReward().score(
    { id: 't', prompt: '', ...(reference === undefined ? {} : { reference }) },
    texts.map((text) => ({ text, tokens: [], logprobs: [] }) as never),
  )

it('votes by the answer alone, whatever the reference says, and does not score what it cannot tell', async () => {
  expect(
    await score(
      '12 cm',
      '\\boxed{12}',
      '#### 24/2',
      '\\boxed{13}',
      '\\boxed{1} \\boxed{2}',
      '\\boxed{\\prod_{i=1}^{10^9} i}',
    ),
  ).toEqual([
    { kind: 'scored', reward: 1, answer: '12' },
    { kind: 'scored', reward: 1, answer: '12' },
    { kind: 'scored', reward: 0, answer: '13' },
    { kind: 'scored', reward: 0 },
    { kind: 'unscored', reason: 'a product of too many factors' },
  ])
})

it('refuses a task without a reference', async () => {
  await expect(score(undefined, '5')).rejects.toThrow('task t has no reference for math to compare with')
})
