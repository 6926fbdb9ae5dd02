import { requestId, type Sample } from '@posttrain/core'
import { bestValue, enumerateSequences, exactGradient, expectedStep } from '@posttrain/laws'
import { passAtKTrainingAdvantages } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import type { AdvantageInput } from '../../src/advantages/advantage-estimator.js'
import { passAtKBootstrapAdvantages } from '../../src/advantages/pass-at-k-bootstrap.js'
import { creditSubsetMaxima } from '../../src/advantages/subset-maxima.js'
import { binary, ofOutcomes, rewarded } from './of-outcomes.js'

const subsetsOf = (n: number, k: number): number[][] =>
  Array.from({ length: 2 ** n }, (_, mask) =>
    Array.from({ length: n }, (_, i) => i).filter((i) => mask & (1 << i)),
  ).filter((subset) => subset.length === k)

describe('passAtKBootstrapAdvantages', () => {
  it.each([
    [4, 2, 3],
    [3, 2, 2],
    [4, 3, 2],
    [3, 3, 2],
  ])('n = %d, k = %d, %d subsets: without σ the step over all subsets has the stated factor', (n, k, G) => {
    const all = subsetsOf(n, k)
    const step = binary.probabilities.map(() => 0)
    for (const choices of enumerateSequences(all.length, G)) {
      const subsets = choices.map((b) => all[b]!)
      const given = expectedStep(binary, n, (outcomes) =>
        creditSubsetMaxima(
          outcomes.map(({ reward }) => reward),
          subsets,
          false,
        ),
      )
      given.forEach((value, a) => (step[a]! += value / n / all.length ** G))
    }
    const bias = passAtKBootstrapAdvantages({ k, seed: 0, subsets: G, normalise: false }).bias(n)
    expect(bias).toEqual({ kind: 'scaled', factor: expect.closeTo((1 - 1 / G) * (1 - k / n), 14) as number })
    const factor = bias.kind === 'scaled' ? bias.factor : NaN
    exactGradient(binary, k, bestValue).forEach((value, a) => expect(step[a]).toBeCloseTo(factor * value, 12))
  })

  it('for fixed subsets the factor is 1 less the mean overlap', () => {
    const subsets = [
      [0, 1],
      [1, 2],
      [0, 3],
    ]
    const overlap = subsets.flatMap((a) => subsets.map((b) => a.filter((i) => b.includes(i)).length / 2))
    const factor = 1 - overlap.reduce((x, y) => x + y, 0) / 9
    const step = expectedStep(binary, 4, (outcomes) =>
      creditSubsetMaxima(
        outcomes.map(({ reward }) => reward),
        subsets,
        false,
      ),
    )
    exactGradient(binary, 2, bestValue).forEach((value, a) => expect(step[a]! / 4).toBeCloseTo(factor * value, 12))
  })

  it('tends to the analytic form for many subsets', () => {
    const outcomes = rewarded(1, 1, 0, 0, 0, 0, 0, 0)
    const analytic = passAtKTrainingAdvantages({ k: 4 }).advantages(outcomes)
    const subsets = 200_000
    const rule = passAtKBootstrapAdvantages({ k: 4, seed: 1, subsets })
    // A sample is in k/n of the subsets, and a subset's worth is credited to each of its k members.
    const found = ofOutcomes(rule)(outcomes).map((a) => a / (subsets * (4 / 8)))
    found.forEach((value, i) => expect(Math.abs(value - analytic[i]!)).toBeLessThan(0.01))
  })

  it('draws the same subsets in a rerun and others in another step', () => {
    const rule = passAtKBootstrapAdvantages({ k: 2, seed: 7 })
    const usage = { promptTokens: 1, completionTokens: 1 }
    const groupAt = (step: number): AdvantageInput => ({
      task: { id: 'x', prompt: 'x' },
      samples: [0, 1, 2, 3, 4, 5].map((index): Sample => ({
        id: requestId('x', 'step', step, 0),
        taskId: 'x',
        index,
        seed: 0,
        text: '',
        finish: 'stop',
        usage,
      })),
      outcomes: rewarded(1, 0, 0, 0, 0, 0),
    })
    expect(rule.advantages([groupAt(1)])).toEqual(rule.advantages([groupAt(1)]))
    expect(rule.advantages([groupAt(1)])).not.toEqual(rule.advantages([groupAt(2)]))
    expect(() => passAtKBootstrapAdvantages({ k: 2, seed: 0, subsets: 1 })).toThrow('subsets')
  })
})
