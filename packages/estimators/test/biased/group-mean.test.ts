import { describe, expect, it } from 'vitest'
import { groupMeanAdvantages } from '@posttrain/estimators'
import { expectClose, withRewards } from '../outcomes.js'
import { stepRatio } from './step-ratio.js'

describe('groupMeanAdvantages', () => {
  it('are an advantage per sample, without a 1/n', () => {
    expectClose(groupMeanAdvantages().advantages(withRewards(1, 0, 0, 1)), [0.5, -0.5, -0.5, 0.5], 1e-15)
  })

  it.each([2, 3, 8])('centre on a mean that holds the sample itself, which shortens the gradient for n = %d', (n) => {
    const { advantages, bias } = groupMeanAdvantages()
    expect(bias(n)).toEqual({ kind: 'scaled', factor: (n - 1) / n })
    for (const p of [0.1, 0.6]) expect(stepRatio(p, n, 1, advantages)).toBeCloseTo((n - 1) / n, 12)
  })
})
