import { describe, expect, it } from 'vitest'
import { agreementObjective } from '@posttrain/estimators'
import { votes } from '../outcomes.js'

/** E over all texts of n answers drawn from A 0.5, B 0.3, none 0.2. */
function expectation(n: number, f: (text: string) => number): number {
  const odds = { A: 0.5, B: 0.3, '-': 0.2 }
  const over = (text: string, weight: number): number =>
    text.length === n
      ? weight * f(text)
      : Object.entries(odds).reduce((sum, [letter, p]) => sum + over(text + letter, weight * p), 0)
  return over('', 1)
}

/** The share of the most frequent answer, as it is often reported. */
const modalShare = (text: string): number =>
  Math.max(...['A', 'B'].map((letter) => text.split(letter).length - 1)) / text.length

describe('agreementObjective', () => {
  it('is unbiased from two samples on; the share of the modal answer is not', () => {
    for (const n of [2, 3, 4, 5]) {
      const estimated = expectation(n, (text) => agreementObjective().estimate(votes(text)))
      expect(Math.abs(estimated - (0.5 ** 2 + 0.3 ** 2))).toBeLessThan(1e-12)
    }
    expect(expectation(2, modalShare)).toBeCloseTo(0.65, 12) // of A's share 0.5
    expect(expectation(5, modalShare)).toBeCloseTo(0.5768, 12)
  })

  it('lets samples without an answer agree under vote alone', () => {
    const outcomes = votes('AA--')
    expect(agreementObjective({ unparsed: 'vote' }).estimate(outcomes)).toBeCloseTo(1 / 3, 14)
    expect(agreementObjective({ unparsed: 'abstain' }).estimate(outcomes)).toBeCloseTo(1 / 6, 14)
    expect(agreementObjective({ unparsed: 'wrong' }).estimate(outcomes)).toBeCloseTo(1 / 6, 14)
  })
})
