import { describe, expect, it } from 'vitest'
import { betaLead, dirichletLead, isVoteDecided } from '@posttrain/estimators'

describe('betaLead', () => {
  it.each([
    [3, 0, 0.9375],
    [4, 0, 0.96875],
    [5, 0, 0.984375],
    [5, 1, 0.9375],
    [7, 2, 0.945313],
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
