import { describe, expect, it } from 'vitest'
import { bordaWeights, logprobWeights, majorityAtK, weightedMajorityAtK, weightedVote } from '@posttrain/estimators'
import type { Ballot } from '@posttrain/estimators'
import { expectClose } from '../outcomes.js'

const ballots = (answers: string, weights: readonly number[]): Ballot[] =>
  [...answers].map((answer, i) => ({ answer, weight: weights[i]!, reward: answer === 'a' ? 1 : 0 }))

describe('weightedVote', () => {
  it('lets one confident sample outvote two', () => {
    const { winners, totals, reward } = weightedVote(ballots('abac', [0.2, 0.9, 0.5, 0.1]))
    expect(winners).toEqual(['b'])
    expectClose([...totals.values()], [0.7, 0.9, 0.1], 1e-15)
    expect(reward).toBe(0)
  })

  it('shares ties, and is worth 0 without votes', () => {
    expect(weightedVote(ballots('ab', [1, 1]))).toMatchObject({ winners: ['a', 'b'], reward: 0.5 })
    expect(weightedVote([{ weight: 1, reward: 1 }])).toMatchObject({ winners: [], reward: 0 })
  })
})

describe('weights', () => {
  it('are the tabulated Borda counts', () => {
    expectClose(bordaWeights(0.5)([4, 3, 2, 1]), [2, 1.732, 1.414, 1], 5e-4)
    expectClose(bordaWeights(1.2)([4, 3, 2, 1]), [5.278, 3.737, 2.297, 1], 5e-4)
    expect(bordaWeights(0)([3, 1, 2])).toEqual([1, 1, 1])
    expect(bordaWeights(1)([7, 7, 1])).toEqual([2.5, 2.5, 1])
    expect(() => bordaWeights(-1)).toThrow('exponent must be a finite number of at least 0')
  })

  it('of log-probs are probabilities up to a factor, whatever their size', () => {
    expectClose(logprobWeights([-1000, -1001]), [1, Math.exp(-1)], 1e-15)
    expect(() => logprobWeights([0.1])).toThrow('logprobs must not be positive')
  })
})

describe('weightedMajorityAtK', () => {
  it('is maj@k for equal weights', () => {
    const equal = ballots('aabbcaba', new Array<number>(8).fill(1))
    const outcomes = equal.map(({ answer, reward }) => ({ kind: 'scored' as const, answer: answer!, reward }))
    for (const k of [1, 3, 8]) expect(weightedMajorityAtK(equal, k).value).toBeCloseTo(majorityAtK(outcomes, k), 13)
  })

  it('makes ranks within the drawn samples', () => {
    // Of any two, the more confident has rank 1 and weight 2: the answer of the more confident wins.
    const { value } = weightedMajorityAtK(ballots('aab', [0.1, 0.5, 0.3]), 2, { weigh: bordaWeights(1) })
    expect(value).toBeCloseTo(2 / 3, 14) // {a,a} and {a.5,b} to a, {a.1,b} to b
  })

  it('draws subsets where they are many, and says how sure it is', () => {
    const many = ballots(
      'abcabdabca'.repeat(3),
      Array.from({ length: 30 }, (_, i) => 1 + ((i * 7) % 11)),
    )
    const exact = weightedMajorityAtK(many, 28, { subsets: 1000 })
    expect(exact).toMatchObject({ method: 'all-subsets', standardError: 0, subsets: 435 })
    const drawn = weightedMajorityAtK(many, 28, { subsets: 400, seed: 3 })
    expect(drawn).toMatchObject({ method: 'monte-carlo', subsets: 400 })
    expect(Math.abs(drawn.value - exact.value)).toBeLessThanOrEqual(4 * drawn.standardError + 1e-12)
    expect(weightedMajorityAtK(many, 15, { subsets: 200, seed: 3 })).toEqual(
      weightedMajorityAtK(many, 15, { subsets: 200, seed: 3 }),
    )
  })

  it('refuses k beyond the ballots and weights that are not numbers', () => {
    expect(() => weightedMajorityAtK(ballots('ab', [1, 1]), 3)).toThrow('weighted maj@3 needs at least 3 samples')
    expect(() => weightedMajorityAtK(ballots('ab', [1, Number.NaN]), 2)).toThrow('ballots[1].weight')
  })
})
