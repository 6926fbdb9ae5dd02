import { describe, expect, it } from 'vitest'
import { centredAdvantages, grpoAdvantages, passAtKObjective, passAtKTrainingAdvantages } from '@posttrain/estimators'
import type { ScoredOutcome } from '@posttrain/core'
import { expectClose, withRewards } from '../outcomes.js'
import { stepRatio } from './step-ratio.js'

const correctOf = (c: number, n: number): ScoredOutcome[] =>
  withRewards(...Array.from({ length: n }, (_, i) => (i < c ? 1 : 0)))

describe('passAtKTrainingAdvantages', () => {
  it.each([
    [8, 2, 4, 0.522233, -0.174078],
    [8, 1, 4, 1, -0.142857],
    [32, 8, 8, 0.274189, -0.091396],
    [4, 1, 2, 1, -1 / 3],
    [8, 6, 4, 0, 0],
    [8, 0, 4, 0, 0],
    [8, 8, 4, 0, 0],
  ])('n = %d, c = %d, k = %d: correct %d, wrong %d', (n, c, k, right, wrong) => {
    const expected = Array.from({ length: n }, (_, i) => (i < c ? right : wrong))
    const advantages = passAtKTrainingAdvantages({ k }).advantages(correctOf(c, n))
    expectClose(advantages, expected, 1e-6)
    expect(advantages.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 12)
  })

  it('is GRPO with the population deviation at k = 1', () => {
    const outcomes = correctOf(3, 8)
    const grpo = grpoAdvantages('population').advantages(outcomes)
    expectClose(passAtKTrainingAdvantages({ k: 1 }).advantages(outcomes), grpo, 1e-14)
  })

  it('without σ is the centred PKPO credit, (1 − k/n) of the gradient and nothing at n = k', () => {
    const unscaled = passAtKTrainingAdvantages({ k: 4, normalise: false })
    const credit = centredAdvantages(passAtKObjective({ k: 4, baseline: 'none' }))
    expectClose(unscaled.advantages(correctOf(2, 8)), credit.advantages(correctOf(2, 8)), 1e-14)
    expect(unscaled.bias(8)).toEqual({ kind: 'scaled', factor: 0.5 })
    for (const p of [0.05, 0.5]) expect(stepRatio(p, 8, 4, unscaled.advantages)).toBeCloseTo(0.5, 12)
    expect(unscaled.advantages(correctOf(1, 4))).toEqual([0, 0, 0, 0].map(() => expect.closeTo(0, 14) as number))
  })

  it.each([
    [8, 4, [2.07, 2.4, 3.67, 6.06]],
    [16, 8, [2.16, 3.14, 10.3, 43.5]],
  ])('with σ, n = %d and k = %d, weights prompts by %j / n at p = .05, .2, .5, .8', (n, k, expected) => {
    if (n > 8) {
      // Too many sequences to write out; by the counts.
      const found = [0.05, 0.2, 0.5, 0.8].map((p) => byCounts(p, n, k))
      found.forEach((value, i) => expect(value / expected[i]!).toBeCloseTo(1, 2))
      return
    }
    const advantages = passAtKTrainingAdvantages({ k }).advantages
    const found = [0.05, 0.2, 0.5, 0.8].map((p) => n * stepRatio(p, n, k, advantages))
    found.forEach((value, i) => expect(value / expected[i]!).toBeCloseTo(1, 2))
  })

  it('refuses continuous rewards', () => {
    expect(() => passAtKTrainingAdvantages({ k: 2 }).advantages(withRewards(0.5, 1, 0))).toThrow('rewards[0] is 0.5')
  })
})

/** E over Binomial(n, p) of n times the step in the logit of p, over k·p·(1−p)ᵏ. */
function byCounts(p: number, n: number, k: number): number {
  let step = 0
  let weight = (1 - p) ** n
  for (let c = 0; c <= n; c++) {
    const advantages = passAtKTrainingAdvantages({ k }).advantages(correctOf(c, n))
    step += weight * advantages.reduce((sum, a, i) => sum + a * (i < c ? 1 - p : -p), 0)
    weight *= ((n - c) / (c + 1)) * (p / (1 - p))
  }
  return step / (k * p * (1 - p) ** k)
}
