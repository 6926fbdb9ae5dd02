import { describe, expect, it } from 'vitest'
import { bordaWeights, logprobWeights, weightedVote } from '@posttrain/estimators'
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
