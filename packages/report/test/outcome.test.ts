import { expect, it } from 'vitest'
import { describeReward, outcomeOf } from '../src/outcome.js'

it.each([
  [1, 'right', 'reward 1'],
  [2.5, 'right', 'reward 2.5'],
  [0.123456, 'between', 'reward 0.1235'],
  [0, 'wrong', 'reward 0'],
  [-1, 'wrong', 'reward -1'],
  [null, 'unscored', 'not scored'],
  [undefined, 'unscored', 'not scored'],
])('a reward of %s is %s', (reward, outcome, words) => {
  expect(outcomeOf(reward)).toBe(outcome)
  expect(describeReward(reward)).toBe(words)
})
