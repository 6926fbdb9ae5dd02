import { describe, expect, it } from 'vitest'
import {
  estimateAfterStopping,
  meanObjective,
  passAtK,
  passAtKAfterStopping,
  passAtKFromProbability,
  passAtKObjective,
} from '@posttrain/estimators'
import type { BinaryStoppingRule } from '@posttrain/estimators'
import { withRewards } from '../outcomes.js'

/** E over all runs of a rule of an estimate made where it stops, for samples that are right with probability p. */
function expectation(p: number, stops: BinaryStoppingRule, estimate: (n: number, c: number) => number): number {
  const visit = (n: number, c: number, probability: number): number => {
    if (n > 0 && stops(n, c)) return probability * estimate(n, c)
    return visit(n + 1, c + 1, probability * p) + visit(n + 1, c, probability * (1 - p))
  }
  return visit(0, 0, 1)
}

const rules: readonly [string, number, BinaryStoppingRule][] = [
  ['until two are correct, at least 2 and at most 9', 2, (n, c) => (n >= 2 && c >= 2) || n === 9],
  ['until one verdict leads by 3, at most 10', 3, (n, c) => Math.abs(2 * c - n) >= 3 || n === 10],
  ['at a fixed 6', 4, (n) => n === 6],
  ['at the first success, at most 9', 1, (n, c) => c === 1 || n === 9],
  ['at the first success, at most 9', 4, (n, c) => c === 1 || n === 9],
  ['at the first success, at most 9', 9, (n, c) => c === 1 || n === 9],
  ['until two are correct, at most 9', 5, (n, c) => c === 2 || n === 9],
]

describe('passAtKAfterStopping', () => {
  it.each(rules)('is unbiased for a rule %s', (_, k, stops) => {
    for (const p of [0.1, 0.4, 0.8]) {
      const mean = expectation(p, stops, (n, c) => passAtKAfterStopping(n, c, k, stops))
      expect(mean).toBeCloseTo(passAtKFromProbability(p, k), 12)
    }
  })

  it('corrects a bias that the plain estimate has', () => {
    const [, k, stops] = rules[0]!
    const plain = expectation(0.4, stops, (n, c) => passAtK(n, c, k))
    expect(Math.abs(plain - passAtKFromProbability(0.4, k))).toBeGreaterThan(0.02)
  })

  it('is passAtK for a number fixed beforehand', () => {
    for (let c = 0; c <= 6; c++) expect(passAtKAfterStopping(6, c, 4, (n) => n === 6)).toBeCloseTo(passAtK(6, c, 4), 14)
    expect(passAtKAfterStopping(2000, 3, 400, (n) => n === 2000)).toBeCloseTo(passAtK(2000, 3, 400), 10)
  })

  it('is whether the first success came by sample k, for a rule that stops there', () => {
    const stops: BinaryStoppingRule = (n, c) => c === 1 || n === 9
    for (let n = 1; n <= 9; n++) {
      for (const k of [1, 3, 9]) expect(passAtKAfterStopping(n, 1, k, stops)).toBe(Number(n <= k))
    }
    expect(passAtKAfterStopping(9, 0, 9, stops)).toBe(0)
  })

  it('refuses a rule that may stop before k samples while none is correct, saying where', () => {
    expect(() => passAtKAfterStopping(5, 1, 6, (n, c) => c === 1 || n === 5)).toThrow(
      'pass@6 has no unbiased estimate: the rule may stop after 5 samples with none correct',
    )
  })

  it('refuses counts at which the rule does not end', () => {
    const rule: BinaryStoppingRule = (n, c) => (n >= 2 && c >= 1) || n === 6
    expect(() => passAtKAfterStopping(4, 0, 2, rule)).toThrow('the rule does not stop after 4 samples with 0 correct')
    expect(() => passAtKAfterStopping(6, 3, 2, rule)).toThrow('no order of samples lets the rule end after 6 samples')
  })
})

describe('estimateAfterStopping', () => {
  it('uses the samples that were drawn in any case', () => {
    expect(estimateAfterStopping(meanObjective(), withRewards(1, 0, 0, 0, 0), 2)).toBe(0.5)
    expect(estimateAfterStopping(meanObjective(), withRewards(1, 0, 0, 0, 0), 1)).toBe(1) // an estimate needs k alone
  })

  it('refuses where these are too few, saying why', () => {
    expect(() => estimateAfterStopping(passAtKObjective({ k: 2 }), withRewards(1, 0), 1)).toThrow(
      'pass@2 needs 2 samples, but the rule may stop after 1: what was drawn beyond them was drawn because of how they turned out',
    )
    expect(() => estimateAfterStopping(meanObjective(), withRewards(1, 0), 3)).toThrow(
      'fewest must be an integer from 1 to 2',
    )
  })
})
