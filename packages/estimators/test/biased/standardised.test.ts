import { describe, expect, it } from 'vitest'
import { grpoAdvantages, groupMeanAdvantages, passAtKObjective, standardisedAdvantages } from '@posttrain/estimators'
import { expectClose, withRewards } from '../outcomes.js'

describe('standardisedAdvantages and grpoAdvantages', () => {
  it('divide by either deviation, and give exact zeros where rewards agree', () => {
    expectClose(grpoAdvantages('population').advantages(withRewards(1, 0)), [1, -1], 1e-15)
    expectClose(grpoAdvantages().advantages(withRewards(1, 0)), [Math.SQRT1_2, -Math.SQRT1_2], 1e-15)
    // In single precision the mean of 0.1's is not 0.1, and the quotient of two rounding errors is anything.
    expect(grpoAdvantages().advantages(withRewards(0.1, 0.1, 0.1))).toEqual([0, 0, 0])
    expect(standardisedAdvantages(passAtKObjective({ k: 2 })).target).toBe('pass@2')
  })

  it('are per sample whatever they are made of: n times those of an objective, those of biased advantages as they are', () => {
    // pass@2 of (1, 0, 0): its advantages are (2/3, 0, 0), and the sample deviation is √(1/3).
    const outcomes = withRewards(1, 0, 0)
    expectClose(
      standardisedAdvantages(passAtKObjective({ k: 2 })).advantages(outcomes),
      [2 * Math.sqrt(3), 0, 0],
      1e-14,
    )
    const grpo = standardisedAdvantages(groupMeanAdvantages())
    expectClose(grpo.advantages(outcomes), grpoAdvantages().advantages(outcomes), 0)
    expectClose(
      grpo.advantages(outcomes),
      [2, -1, -1].map((a) => a / Math.sqrt(3)),
      1e-14,
    )
  })
})
