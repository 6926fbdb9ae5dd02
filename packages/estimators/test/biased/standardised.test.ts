import { describe, expect, it } from 'vitest'
import { grpoAdvantages, passAtKObjective, standardisedAdvantages } from '@posttrain/estimators'
import { expectClose, withRewards } from '../outcomes.js'

describe('standardisedAdvantages and grpoAdvantages', () => {
  it('divide by either deviation, and give exact zeros where rewards agree', () => {
    expectClose(grpoAdvantages('population').advantages(withRewards(1, 0)), [0.5, -0.5], 1e-15)
    expectClose(grpoAdvantages().advantages(withRewards(1, 0)), [Math.SQRT1_2 / 2, -Math.SQRT1_2 / 2], 1e-15)
    // In single precision the mean of 0.1's is not 0.1, and the quotient of two rounding errors is anything.
    expect(grpoAdvantages().advantages(withRewards(0.1, 0.1, 0.1))).toEqual([0, 0, 0])
    expect(standardisedAdvantages(passAtKObjective({ k: 2 })).target).toBe('pass@2')
  })
})
