import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { majorityAtK, majorityAtKFromCounts, majorityAtKFromDistribution } from '@posttrain/estimators'
import { binomialWeights } from '../src/binomial-weights.js'
import { pluralitySum } from '../src/plurality.js'
import type { Vote } from '../src/plurality-vote.js'
import { pluralityByFourier } from '../src/plurality-by-fourier.js'
import { pluralityByHeight } from '../src/plurality-by-height.js'
import { votes } from './outcomes.js'

const RULES = ['share', 'strict'] as const

/** A vote of k of the samples that gave these answers; the last count abstains. */
function voteOf(counts: readonly number[], k: number): Vote {
  const n = counts.reduce((a, b) => a + b, 0)
  const [abstaining, ...answers] = [...counts].reverse() as [number, ...number[]]
  const classes = answers.map((count, i) => ({
    weights: binomialWeights(count, k, n - k),
    reward: () => (i % 3) - 0.5,
  }))
  return { classes, abstentions: binomialWeights(abstaining, k, n - k), total: k }
}

describe('pluralitySum', () => {
  it('is one sum by heights and by roots of unity', () => {
    const asked = fc
      .array(fc.integer({ min: 0, max: 30 }), { minLength: 2, maxLength: 7 })
      .filter((counts) => counts.some((count) => count > 0))
      .chain((counts) => fc.tuple(fc.constant(counts), fc.integer({ min: 1, max: counts.reduce((a, b) => a + b, 0) })))
    fc.assert(
      fc.property(asked, fc.constantFrom(...RULES), ([counts, k], ties) => {
        const vote = voteOf(counts, k)
        expect(Math.abs(pluralityByFourier(vote, ties) - pluralityByHeight(vote, ties))).toBeLessThan(1e-15)
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  it('is one sum by heights and by the shorter way of two answers', () => {
    for (const ties of RULES) {
      for (const [a, b, k] of [
        [5, 3, 4],
        [40, 60, 60],
        [7, 7, 14],
        [1, 1, 2],
        [9, 0, 3],
      ] as const) {
        const vote = voteOf([a, b, 0], k)
        expect(Math.abs(pluralitySum(vote, ties) - pluralityByHeight(vote, ties))).toBeLessThan(1e-15)
      }
    }
  })
})

describe('a vote of many', () => {
  it.each([251, 501, 1001, 2001, 100_001])('of %i between two answers is a binomial tail', (k) => {
    const [p, q] = [0.51, 0.49]
    const answers = [
      { probability: p, reward: 1 },
      { probability: q, reward: 0 },
    ]
    const weights = binomialWeights(k, p, q)
    const tail = weights.subarray((k + 1) / 2).reduce((sum, weight) => sum + weight, 0)
    expect(majorityAtKFromDistribution(answers, k)).toBeCloseTo(tail, 11)
  })

  it('of 1,001 among three answers agrees with the vote on a sample that is as good as the distribution', () => {
    const [probabilities, rewards] = [
      [4 / 9, 3 / 9, 2 / 9],
      [1, 0, 0.25],
    ]
    const answers = probabilities.map((probability, i) => ({ probability, reward: rewards[i]! }))
    const counts = [4e15, 3e15, 2e15].map((count, i) => ({ count, reward: rewards[i]! }))
    for (const ties of RULES) {
      expect(majorityAtKFromDistribution(answers, 1001, { ties })).toBeCloseTo(
        majorityAtKFromCounts(counts, 1001, { ties }),
        11,
      )
    }
    // Two answers of the same worth are no rivals, but still split their votes.
    expect(majorityAtKFromDistribution(answers, 1001)).toBeGreaterThan(0.999)
  })

  it('stays within its rewards, and is exactly 0 where nothing right can win', () => {
    const answers = (right: number): { probability: number; reward: number }[] =>
      [0.5, 0.3, 0.2].map((probability, i) => ({ probability, reward: i === 0 ? right : 0 }))
    for (const k of [3, 500, 1500]) {
      expect(majorityAtKFromDistribution(answers(0), k)).toBe(0)
      const value = majorityAtKFromDistribution(answers(1), k)
      expect(value).toBeLessThanOrEqual(1)
      expect(value).toBeGreaterThan(0.5)
      expect(majorityAtKFromDistribution(answers(-1), k)).toBeCloseTo(-value, 12)
    }
  })

  it('takes counts up to the largest whole number, and refuses what nobody waits for', () => {
    const largest = Number.MAX_SAFE_INTEGER
    const two = (n: number): { count: number; reward: number }[] => [
      { count: n, reward: 1 },
      { count: n - 1, reward: 0 },
    ]
    expect(majorityAtKFromCounts(two(2 ** 52), 1001)).toBeCloseTo(0.5, 12)
    for (const k of [10_000_001, 2e9, largest]) {
      expect(() => majorityAtKFromCounts(two(2 ** 52), k)).toThrow(
        `k must be an integer of at most 10000000, but is ${k}`,
      )
      expect(() => majorityAtKFromDistribution([{ probability: 1, reward: 1 }], k)).toThrow(
        `k must be an integer from 1 to 10000000, but is ${k}`,
      )
    }
    const twenty = Array.from({ length: 20 }, (_, reward) => ({ probability: 1 / 20, reward }))
    expect(() => majorityAtKFromDistribution(twenty, 100_001)).toThrow(
      /^a vote of 100001 among 20 answers takes \de\+\d+ steps, and at most 1e\+8 are taken$/,
    )
    const many = votes('ABCDE'.repeat(200))
    expect(() => majorityAtK(many, 500, { ties: 'first' })).toThrow(
      /^maj@500 with ties to the answer seen first takes \de\+\d+ steps, and at most 1e\+9 are taken$/,
    )
    expect(majorityAtK(many, 500)).toBeCloseTo(0.2, 2)
  })
})
