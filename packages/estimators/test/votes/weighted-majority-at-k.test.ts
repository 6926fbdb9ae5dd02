import { describe, expect, it } from 'vitest'
import { bordaWeights, majorityAtK, weightedMajorityAtK } from '@posttrain/estimators'
import type { Ballot } from '@posttrain/estimators'

const ballots = (answers: string, weights: readonly number[]): Ballot[] =>
  [...answers].map((answer, i) => ({ answer, weight: weights[i]!, reward: answer === 'a' ? 1 : 0 }))

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
