import { describe, expect, it } from 'vitest'
import { importanceWeightedLoss, policyGradientLoss } from '@posttrain/losses'
import { completions, differentiate, expectedGradient, policies, type TwoTokens } from './support/two-tokens.js'

const { one: policy, other: sampler } = policies
const reward = [1, -0.5, 0.25, 2]

/** −E[gradient of the loss] over the sampler's completions, whose advantages are their rewards. */
const expectedAscent = (loss: ReturnType<typeof importanceWeightedLoss>): number[] =>
  expectedGradient(loss, policy, sampler, ({ logprob }, i) => ({
    advantage: reward[i]!,
    rolloutLogprob: logprob,
  })).map((slope) => -slope)

const meanReward = (of: TwoTokens): number =>
  completions(of).reduce((sum, { probability }, i) => sum + probability * reward[i]!, 0)

describe('importanceWeightedLoss', () => {
  it('by sequence, is unbiased on samples of another policy', () => {
    const exact = differentiate(meanReward, policy)
    // central differences with h = 1e-5 are good to 1e-10
    expectedAscent(importanceWeightedLoss({ level: 'sequence' })).forEach((g, i) => expect(g).toBeCloseTo(exact[i]!, 9))
  })

  it('by token, is biased there by what the prefixes lack', () => {
    const exact = differentiate(meanReward, policy)
    const biased = expectedAscent(importanceWeightedLoss())
    // The second token's logits: prefixes keep the sampler's probabilities in place of the policy's.
    const firstOf = (of: TwoTokens, a: number) =>
      completions(of).reduce((sum, { tokens, probability }) => sum + (tokens[0] === a ? probability : 0), 0)
    for (const [row, a] of [
      [1, 0],
      [2, 1],
    ] as const) {
      const factor = firstOf(sampler, a) / firstOf(policy, a)
      expect(Math.abs(factor - 1)).toBeGreaterThan(0.1)
      for (const v of [0, 1]) expect(biased[2 * row + v]).toBeCloseTo(factor * exact[2 * row + v]!, 9)
    }
  })

  it('is the policy gradient on samples of the policy itself', () => {
    const { logprob } = completions(policy)[2]!
    const constants = [{ advantage: 1.5, weight: 0.5, rolloutLogprob: logprob }]
    const plain = policyGradientLoss().evaluate([{ logprob }], constants).cotangents
    expect(importanceWeightedLoss().evaluate([{ logprob }], constants).cotangents).toEqual(plain)
    expect(importanceWeightedLoss({ level: 'sequence' }).evaluate([{ logprob }], constants).cotangents).toEqual(plain)
  })

  it('refuses an unknown level', () => {
    expect(() => importanceWeightedLoss({ level: 'word' as 'token' })).toThrow(
      'level must be one of token, sequence, but is "word"',
    )
  })
})
