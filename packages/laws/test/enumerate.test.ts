import { describe, expect, it } from 'vitest'
import type { ScoredOutcome } from '@posttrain/core'
import {
  bestValue,
  enumerateDraws,
  enumerateSequences,
  exactExpectation,
  exactGradient,
  expectedStep,
  finitePolicy,
  meanValue,
  pluralityValue,
} from '@posttrain/laws'

const outcomes = (...rewards: number[]): ScoredOutcome[] => rewards.map((reward) => ({ kind: 'scored', reward }))
const policy = finitePolicy(outcomes(0, 0.3, 1), [0.2, -0.3, 0.5])

describe('enumerateSequences', () => {
  it('visits every sequence once, in lexicographic order', () => {
    const all = [...enumerateSequences(3, 2)].length
    expect(all).toBe(9)
    const texts: string[] = []
    for (const sequence of enumerateSequences(2, 3)) texts.push(sequence.join(''))
    expect(texts).toEqual(['000', '001', '010', '011', '100', '101', '110', '111'])
    expect([...enumerateSequences(4, 0)]).toEqual([[]])
  })

  it('refuses to be slow', () => {
    expect(() => enumerateSequences(10, 8).next()).toThrow('there are 10^8 sequences, too many to enumerate')
  })
})

describe('finitePolicy', () => {
  it('is a softmax, for logits of any size', () => {
    const { probabilities } = finitePolicy(outcomes(0, 1), [1000, 1000 + Math.log(3)])
    expect(probabilities).toEqual([expect.closeTo(0.25, 12), expect.closeTo(0.75, 12)])
    expect(() => finitePolicy(outcomes(0, 1), [1])).toThrow('logits must have 2 entries, but has 1')
    expect(() => finitePolicy([], [])).toThrow('outcomes must not be empty')
  })
})

describe('exact expectations', () => {
  it('have probabilities that add up to 1', () => {
    let sum = 0
    for (const { probability } of enumerateDraws(policy, 4)) sum += probability
    expect(sum).toBeCloseTo(1, 14)
  })

  it('agree with closed forms', () => {
    const [a, b, c] = policy.probabilities as [number, number, number]
    expect(exactExpectation(policy, 3, meanValue)).toBeCloseTo(0.3 * b + c, 14)
    const best = c ** 0 * (1 - (1 - c) ** 2) + 0.3 * ((a + b) ** 2 - a ** 2)
    expect(exactExpectation(policy, 2, bestValue)).toBeCloseTo(best, 14)
  })

  it('have the gradient that central differences approach', () => {
    for (const value of [meanValue, bestValue, pluralityValue()]) {
      const gradient = exactGradient(policy, 3, value)
      policy.logits.forEach((_, a) => {
        const at = (step: number): number =>
          exactExpectation(
            finitePolicy(
              policy.outcomes,
              policy.logits.map((logit, i) => (i === a ? logit + step : logit)),
            ),
            3,
            value,
          )
        // Fourth order: the error is of the order of h⁴ = 1e-12 and of rounding/h = 1e-13.
        const h = 1e-3
        const slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
        expect(gradient[a]).toBeCloseTo(slope, 10)
      })
      expect(gradient.reduce((x, y) => x + y, 0)).toBeCloseTo(0, 14) // logits matter up to a constant
    }
  })

  it('let REINFORCE follow its gradient, and a constant credit nothing', () => {
    const reinforce = expectedStep(policy, 2, (group) => group.map(({ reward }) => reward / 2))
    exactGradient(policy, 1, meanValue).forEach((truth, a) => expect(reinforce[a]).toBeCloseTo(truth, 14))
    expectedStep(policy, 3, (group) => group.map(() => 5)).forEach((value) => expect(value).toBeCloseTo(0, 13))
  })
})
