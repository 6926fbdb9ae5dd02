import type { Sample } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { returnsToGo, rewardsByToken } from '../../src/advantages/token-returns.js'
import { groupOf, sampleOf } from './token-groups.js'

describe('rewardsByToken', () => {
  it('credits an outcome to the last token, beside the penalties of each', () => {
    const group = { ...groupOf([[3, 2], [1, -1]]), tokenRewards: [Float64Array.of(-0.5, 0, 0.25), Float64Array.of(0)] } // prettier-ignore
    expect(rewardsByToken(group).map((rewards) => [...rewards])).toEqual([[-0.5, 0, 2.25], [-1]])
    expect([...group.tokenRewards[0]!]).toEqual([-0.5, 0, 0.25]) // what was given is as it was
  })

  // 'ask' chosen, '[4]' said by a tool, 'so', '4' and the end chosen; a prefix '>' that nobody chose.
  const sample: Sample = {
    ...sampleOf(6),
    text: '>ask[4]so4',
    tokens: [9, 1, 2, 3, 4, 0],
    mask: Uint8Array.of(0, 1, 0, 1, 1, 1),
    textEnds: [1, 4, 7, 9, 10, 10],
  }
  const withSteps = (reward: number, ...steps: [end: number, reward: number][]): number[] => {
    const outcome = { kind: 'scored' as const, reward, steps: steps.map(([end, r]) => ({ end, reward: r })) }
    return [...rewardsByToken({ task: { id: 'x', prompt: 'x' }, samples: [sample], outcomes: [outcome] })[0]!]
  }

  it('credits each step to the token that led to it, and the rest of the reward to the last token', () => {
    expect(withSteps(1, [4, 0.5], [9, 0.25])).toEqual([0.5, 0.25, 0, 0.25])
    // What the tool said falls to the token that called it.
    expect(withSteps(0.5, [7, 0.5])).toEqual([0.5, 0, 0, 0])
    // A step at the end of the text ends with the word that ends it; the end token adds none.
    expect(withSteps(2, [10, 1.5])).toEqual([0, 0, 1.5, 0.5])
  })

  it('adds up to the reward, but for what falls to a prefix', () => {
    const total = (rewards: readonly number[]): number => rewards.reduce((a, b) => a + b)
    expect(total(withSteps(1, [4, 0.5], [7, -2], [10, 0.125]))).toBeCloseTo(1, 14)
    // A reward within the prefix was earned by nobody: it is left out, and not given to the last token either.
    expect(withSteps(1, [1, 0.75])).toEqual([0, 0, 0, 0.25])
  })

  it('refuses steps of a sample without places in its text', () => {
    const { textEnds: _, ...blind } = sample
    const outcome = { kind: 'scored' as const, reward: 1, steps: [{ end: 4, reward: 1 }] }
    expect(() => rewardsByToken({ task: { id: 'x', prompt: 'x' }, samples: [blind], outcomes: [outcome] })).toThrow(
      'rewards by step need samples with tokens and textEnds',
    )
  })

  it('has nothing for a sample without chosen tokens', () => {
    expect(rewardsByToken(groupOf([[0, 1]])).map((rewards) => [...rewards])).toEqual([[]])
  })
})

describe('returnsToGo', () => {
  it('adds up what is still to come, discounted', () => {
    expect([...returnsToGo(Float64Array.of(1, 2, 4), 1)]).toEqual([7, 6, 4])
    expect([...returnsToGo(Float64Array.of(1, 2, 4), 0.5)]).toEqual([3, 4, 4])
    expect([...returnsToGo(Float64Array.of(1, 2, 4), 0)]).toEqual([1, 2, 4])
  })
})
