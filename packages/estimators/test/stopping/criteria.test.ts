import { describe, expect, it } from 'vitest'
import { betaLead, dirichletLead, isVoteDecided } from '@posttrain/estimators'
import { normalCdf } from '../../src/special/normal.js'

describe('betaLead', () => {
  it.each([
    [3, 0, 0.9375],
    [4, 0, 0.96875],
    [5, 0, 0.984375],
    [5, 1, 0.9375],
    [7, 2, 0.9453125],
    [10, 5, 0.894943],
    [3, 3, 0.5],
    [1, 0, 0.75],
  ])('%d against %d leads with probability %d', (first, second, expected) => {
    expect(betaLead(first, second)).toBeCloseTo(expected, 6)
  })
})

describe('dirichletLead', () => {
  it('is betaLead for two answers', () => {
    for (const [first, second] of [
      [3, 0],
      [10, 5],
      [40, 38],
      [3, 3],
      [0, 0],
    ] as const) {
      expect(dirichletLead([second, first])).toBeCloseTo(betaLead(first, second), 10)
    }
  })

  it('is even among equals, and certain for one', () => {
    expect(dirichletLead([2, 2, 2, 2])).toBeCloseTo(0.25, 10)
    expect(dirichletLead([0, 0, 0])).toBeCloseTo(1 / 3, 10)
    expect(dirichletLead([5])).toBeCloseTo(1, 10)
  })

  it('falls with every answer that might still win', () => {
    expect(dirichletLead([5, 1, 1])).toBeLessThan(dirichletLead([5, 1]))
    expect(dirichletLead([5, 1, 0])).toBeLessThan(dirichletLead([5, 1]))
  })

  it('holds for hundreds of votes', () => {
    expect(dirichletLead([300, 200])).toBeCloseTo(betaLead(300, 200), 10)
  })
})

describe('for any number of votes', () => {
  it.each([
    [600, 599],
    [740, 700],
    [800, 799],
    [2000, 1999],
    [1200, 1150],
    [1_000_000, 998_000],
  ])('the two leads agree on two answers: %d and %d', (first, second) => {
    // Both are P(p₁ > p₂ | votes) under a uniform prior.
    expect(dirichletLead([first, second])).toBeCloseTo(betaLead(first, second), 10)
  })

  it('a lead is Φ of its deviations where votes are many', () => {
    for (const votes of [1e10, 1e14, 4e15]) {
      const second = votes - Math.round(2 * Math.sqrt(2 * votes)) // √(2v) is the deviation of the difference
      expect(betaLead(votes, second)).toBeCloseTo(normalCdf(2), 5)
    }
    expect(() => dirichletLead([1_000_001, 5])).toThrow('votes[0] must be an integer from 0 to 1000000, but is 1000001')
  })
})

describe('isVoteDecided', () => {
  it('stops after four votes of one accord, never after one', () => {
    expect([[], [1], [3], [4], [7, 2], [5, 5]].map((votes) => isVoteDecided(votes))).toEqual([
      false,
      false,
      false,
      true,
      false,
      false,
    ])
  })

  it('is more careful under the Dirichlet criterion', () => {
    expect(isVoteDecided([5, 1, 1, 1], { threshold: 0.9 })).toBe(true)
    expect(isVoteDecided([5, 1, 1, 1], { threshold: 0.9, criterion: 'dirichlet' })).toBe(false)
    expect(() => isVoteDecided([4], { threshold: 0.4 })).toThrow(
      'threshold must be a finite number above 0.5 and below 1, but is 0.4',
    )
  })
})
