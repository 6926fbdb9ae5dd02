import { describe, expect, it } from 'vitest'
import { groupMeanAdvantages } from '@posttrain/estimators'
import { expectClose, withRewards } from '../outcomes.js'

describe('groupMeanAdvantages', () => {
  it('centres on a mean that holds the sample itself, which shortens the gradient', () => {
    expectClose(groupMeanAdvantages().advantages(withRewards(1, 0, 0, 1)), [0.125, -0.125, -0.125, 0.125], 1e-15)
    expect(groupMeanAdvantages().bias(8)).toEqual({ kind: 'scaled', factor: 7 / 8 })
  })
})
