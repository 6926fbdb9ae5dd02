import { describe, expect, it } from 'vitest'
import { bordaWeights, logprobWeights, weightedMajorityAtK, weightedVote } from '@posttrain/estimators'
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

  it('shares ties of the same weights in another order, whatever the order of the samples is', () => {
    const weights = [0.1, 0.2, 0.3, 0.3, 0.2, 0.1]
    expect(weightedVote(ballots('aaabbb', weights))).toMatchObject({ winners: ['a', 'b'], reward: 0.5 })
    expect(weightedVote(ballots('bbbaaa', weights))).toMatchObject({ winners: ['b', 'a'], reward: 0.5 })
    const votes = ballots('aaabbb', weights)
    for (const order of [votes, [...votes].reverse()]) expect(weightedMajorityAtK(order, 6).value).toBe(0.5)
    expect(weightedVote(ballots('ab', [1e300, 1e300 * (1 - 1e-11)])).winners).toEqual(['a'])
    expect(weightedVote(ballots('ab', [1e-300, 2e-300])).winners).toEqual(['b'])
  })

  it('takes no answer for another’s tie that only great weights hide', () => {
    // 1 against −1 beside a hundred: far apart, though less than a hundredth of all.
    expect(weightedVote(ballots('abcc', [1, -1, 100, -100])).winners).toEqual(['a'])
  })

  it('refuses a weighing that gives too few weights, too many, or none', () => {
    const three = ballots('aab', [0.1, 0.2, 0.3])
    const by = (weights: readonly number[]) => () => weightedVote(three, () => weights)
    expect(by([1, 1])).toThrow('the weights of weigh must have 3 entries, but has 2')
    expect(by([1, 1, 1, 1])).toThrow('the weights of weigh must have 3 entries, but has 4')
    expect(by([1, Number.NaN, 1])).toThrow('the weights of weigh[1] must be a finite number, but is NaN')
    expect(() => weightedMajorityAtK(three, 2, { weigh: () => [1] })).toThrow(
      'the weights of weigh must have 2 entries',
    )
  })

  it('counts votes for more answers than a call has room for', () => {
    const many = Array.from({ length: 200_000 }, (_, i) => ({
      answer: String(i),
      weight: i,
      reward: Number(i === 199_999),
    }))
    expect(weightedVote(many)).toMatchObject({ winners: ['199999'], reward: 1 })
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
