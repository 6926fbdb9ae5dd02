import { bestValue, exactGradient, expectedStep } from '@posttrain/laws'
import { describe, expect, it } from 'vitest'
import { bestOfNAwareAdvantages, bestOfNAwareScale } from '../../src/advantages/best-of-n-aware.js'
import { binary, ofOutcomes, rewarded, stepOf } from './of-outcomes.js'

const failure = binary.probabilities[0]! + binary.probabilities[2]!
const known = (): number => failure

describe('bestOfNAwareAdvantages', () => {
  it.each([
    [1, 1, 'correct-only'],
    [2, 2, 'correct-only'],
    [4, 4, 'correct-only'],
    [2, 5, 'correct-only'],
    [2, 2, 'both'],
    [4, 4, 'both'],
    [3, 5, 'both'],
  ] as const)('n = %d, groups of %d, %s: with p known the expected step is the gradient of 1 − pⁿ', (n, m, signs) => {
    const rule = bestOfNAwareAdvantages({ n, signs, failure: known })
    expect(rule.bias(m)).toEqual({ kind: 'exact' })
    const step = expectedStep(binary, m, stepOf(rule))
    const truth = exactGradient(binary, n, bestValue)
    truth.forEach((value, a) => expect(step[a]).toBeCloseTo(value, 12))
    expect(bestOfNAwareScale(failure, m, { n, signs, failure: known })).toBeCloseTo(1, 12)
  })

  it('adds what the chosen wrong answers get: subtracting it goes (1+p)/(1−p) times too far', () => {
    const advantages = stepOf(bestOfNAwareAdvantages({ n: 4, signs: 'both', failure: known }))
    const step = expectedStep(binary, 4, (outcomes) =>
      advantages(outcomes).map((a, i) => (outcomes[i]!.reward === 1 ? a : -a)),
    )
    exactGradient(binary, 4, bestValue).forEach((value, a) =>
      expect(step[a]! / value).toBeCloseTo((1 + failure) / (1 - failure), 10),
    )
    expect((1 + failure) / (1 - failure)).toBeCloseTo(4.488, 3)
    expect(advantages(rewarded(0, 0, 0, 0)).every((a) => a > 0)).toBe(true)
  })

  it.each([
    [3, 3, {}],
    [4, 4, {}],
    [3, 6, {}],
    [2, 3, { signs: 'both', clip: 3 }],
    [4, 4, { signs: 'both', clip: 3 }],
    [3, 4, { clip: 0.5 }],
    [3, 4, { clip: 0.5, failure: known }],
  ] as const)(
    'n = %d, groups of %d, %j: estimated or clipped, the step is off by exactly the stated factor',
    (n, m, rest) => {
      const options = { n, ...rest }
      const rule = bestOfNAwareAdvantages(options)
      expect(rule.bias(m).kind).toBe('direction-changing')
      const scale = bestOfNAwareScale(failure, m, options)
      const step = expectedStep(binary, m, stepOf(rule))
      exactGradient(binary, n, bestValue).forEach((value, a) => expect(step[a]).toBeCloseTo(scale * value, 12))
      expect(Math.abs(scale - 1)).toBeGreaterThan(0.01)
    },
  )

  it.each([
    [1, 2],
    [2, 2],
    [2, 5],
  ])('n = %d, groups of %d: with p estimated and correct answers alone it is exact', (n, m) => {
    const rule = bestOfNAwareAdvantages({ n })
    expect(rule.bias(m)).toEqual({ kind: 'exact' })
    const step = expectedStep(binary, m, stepOf(rule))
    exactGradient(binary, n, bestValue).forEach((value, a) => expect(step[a]).toBeCloseTo(value, 12))
  })

  it('with p estimated becomes exact for large groups, and differs between prompts for small ones', () => {
    const scales = (m: number): number[] => [0.3, 0.6, 0.9].map((p) => bestOfNAwareScale(p, m, { n: 4 }))
    scales(400).forEach((scale) => expect(Math.abs(scale - 1)).toBeLessThan(0.02))
    const [easy, , hard] = scales(4)
    expect(Math.abs(easy! / hard! - 1)).toBeGreaterThan(0.1)
  })

  it('has weights of the limit where all others failed or none did', () => {
    const advantages = ofOutcomes(bestOfNAwareAdvantages({ n: 3 }))
    expect(advantages(rewarded(1, 0, 0))).toEqual([3, 0, 0]) // 3 samples share it: ḡ⁺ → 1 as p → 1
    expect(advantages(rewarded(1, 1, 1))).toEqual([0, 0, 0])
    expect(advantages(rewarded(0, 0, 0))).toEqual([0, 0, 0])
  })

  it('names a clip, and refuses weights without bound', () => {
    expect(bestOfNAwareAdvantages({ n: 2, clip: 5 }).name).toBe('best-of-2 aware, clipped at 5')
    expect(() => bestOfNAwareAdvantages({ n: 2, signs: 'both' })).toThrow('there is no clip')
    expect(() => ofOutcomes(bestOfNAwareAdvantages({ n: 2 }))(rewarded(0.5, 1))).toThrow('rewards[0] is 0.5')
    expect(() => bestOfNAwareScale(1, 2, { n: 2 })).toThrow('p must be a finite number above 0 and below 1, but is 1')
  })
})
