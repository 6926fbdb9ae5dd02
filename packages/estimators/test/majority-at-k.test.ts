import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { majorityAtK, majorityAtKFromCounts } from '@posttrain/estimators'
import type { TiePolicy, UnparsedPolicy } from '@posttrain/estimators'
import { answerOutcome, pluralityValue } from '@posttrain/laws'
import type { ScoredOutcome } from '@posttrain/core'
import { choose, ratio, relativeError } from './exact.js'
import { votes } from './outcomes.js'

/** Mean over all k-subsets in the order of the samples: the definition. */
function overSubsets(outcomes: readonly ScoredOutcome[], k: number, ties: TiePolicy, unparsed: UnparsedPolicy): number {
  const value = pluralityValue({ ties, unparsed })
  let sum = 0
  let subsets = 0
  const visit = (from: number, chosen: ScoredOutcome[]): void => {
    if (chosen.length === k) {
      sum += value(chosen)
      subsets++
      return
    }
    for (let i = from; i < outcomes.length; i++) visit(i + 1, [...chosen, outcomes[i]!])
  }
  visit(0, [])
  return sum / subsets
}

describe('majorityAtK', () => {
  it('gives the figures for observed counts (4, 3, 1) with the first answer right', () => {
    const counts = [4, 3, 1].map((count, i) => ({ count, reward: i === 0 ? 1 : 0 }))
    expect([1, 3, 5, 8].map((k) => majorityAtKFromCounts(counts, k).toFixed(6))).toEqual([
      '0.500000',
      '0.571429',
      '0.660714',
      '1.000000',
    ])
  })

  it.each([
    ['AAB', 1, 1, 1],
    ['AABB', 0.5, 0, 1],
    ['BAAB', 0.5, 0, 0],
    ['AABBA', 1, 1, 1],
    ['ABC', 1 / 3, 0, 1],
    ['BC', 0, 0, 0],
  ])('%s as a whole scores %d (share), %d (strict), %d (first)', (letters, share, strict, first) => {
    const k = letters.length
    expect(majorityAtK(votes(letters), k)).toBeCloseTo(share, 14)
    expect(majorityAtK(votes(letters), k, { ties: 'strict' })).toBeCloseTo(strict, 14)
    expect(majorityAtK(votes(letters), k, { ties: 'first' })).toBeCloseTo(first, 14)
  })

  it.each([
    ['A--', 1, 0, 1 / 3],
    ['A-', 1, 0.5, 0.5],
    ['---', 0, 0, 0],
  ])(
    '%s scores %d if unparsed samples abstain, %d if they vote, %d if each is a wrong answer',
    (letters, ...expected) => {
      const scores = (['abstain', 'vote', 'wrong'] as const).map((unparsed) =>
        majorityAtK(votes(letters), letters.length, { unparsed }),
      )
      scores.forEach((score, i) => expect(score).toBeCloseTo(expected[i]!, 14))
    },
  )

  const rules = (['share', 'strict', 'first'] as const).flatMap((ties) =>
    (['abstain', 'vote', 'wrong'] as const).map((unparsed) => ({ ties, unparsed })),
  )
  it.each(rules)('is the mean over all subsets, ties $ties, unparsed $unparsed', ({ ties, unparsed }) => {
    fc.assert(
      fc.property(fc.array(answerOutcome(), { minLength: 1, maxLength: 9 }), fc.nat(), (outcomes, seed) => {
        const k = 1 + (seed % outcomes.length)
        expect(majorityAtK(outcomes, k, { ties, unparsed })).toBeCloseTo(overSubsets(outcomes, k, ties, unparsed), 11)
      }),
      { seed: 1 },
    )
  })

  it('agrees with big integers where binomial coefficients overflow a double', () => {
    const counts = [
      { count: 1100, reward: 1 },
      { count: 900, reward: 0 },
    ]
    let wins = 0n
    for (let j = 51; j <= 101; j++) wins += choose(1100, j) * choose(900, 101 - j)
    expect(relativeError(majorityAtKFromCounts(counts, 101), ratio(wins, choose(2000, 101)))).toBeLessThan(1e-12)
  })

  it('scores 0 where nobody voted', () => {
    expect(majorityAtK(votes('----'), 2)).toBe(0)
    expect(majorityAtKFromCounts([], 2, { abstaining: 3 })).toBe(0)
  })

  it('refuses k > n and impossible counts', () => {
    expect(() => majorityAtK(votes('AB'), 3)).toThrow('maj@3 needs at least 3 samples per task, but there are 2')
    expect(() => majorityAtKFromCounts([{ count: -1, reward: 0 }], 1)).toThrow('counts[0].count must be an integer')
    expect(() => majorityAtK([{ kind: 'scored', reward: Infinity, answer: 'A' }], 1)).toThrow('rewards[0]')
  })
})
