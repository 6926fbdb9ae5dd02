import type { Outcome } from '@posttrain/core'
import { TabularPolicy } from '@posttrain/models'
import type { Problem } from './expected-update.js'

const scored = (reward: number, answer: string): Outcome => ({ kind: 'scored', reward, answer })

/** The policy of the compendium's enumerations: softmax over four completions of one token. */
export const oneToken = (rewards: readonly [number, number, number, number]): Problem => {
  const words = ['a', 'b', 'c', 'd']
  const policy = new TabularPolicy({ prompts: ['x'], words })
  policy.setLogits('x', [], [0.2, -0.3, 0.5, -0.1])
  const answers = ['A', 'B', 'A', 'C']
  return {
    policy,
    prompt: 'x',
    outcomes: Object.fromEntries(words.map((word, i) => [word, scored(rewards[i]!, answers[i]!)])),
  }
}

/** Four completions of one to three tokens, ended by `.`: lengths, prefixes and rewards all differ. */
export const manyLengths = (values = false): Problem => {
  const policy = new TabularPolicy({ prompts: ['x'], words: ['a', '.'], length: 3, end: '.', values })
  policy.setLogits('x', [], [0.4, -0.3])
  policy.setLogits('x', [0], [-0.2, 0.1])
  policy.setLogits('x', [0, 0], [0.7, 0.2])
  const rewards: readonly (readonly [string, number])[] = [
    ['.', 0.3],
    ['a .', 0],
    ['a a .', 1],
    ['a a a', 0.6],
  ]
  return {
    policy,
    prompt: 'x',
    outcomes: Object.fromEntries(
      rewards.map(([text, reward]) => [text, scored(reward, text.length > 3 ? 'long' : 'short')]),
    ),
  }
}
