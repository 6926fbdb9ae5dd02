import { describe, expect, it } from 'vitest'
import { centredAdvantages, maxAtKObjective, meanObjective } from '@posttrain/estimators'
import { expectClose, withRewards } from '../outcomes.js'

describe('centredAdvantages', () => {
  it('are n times the objective’s, minus their mean', () => {
    const centred = centredAdvantages(maxAtKObjective({ k: 3 }))
    expectClose(centred.advantages(withRewards(0.2, 0.9, 0.5)), [-0.4, 0.8, -0.4], 1e-15)
    expect(centred).toMatchObject({ name: 'centred max@3', target: 'max@3', minimumSamples: 3 })
  })

  it('of the mean are those of RLOO per sample, which add up to 0 already', () => {
    expectClose(centredAdvantages(meanObjective()).advantages(withRewards(3, 0, 0)), [3, -1.5, -1.5], 1e-15)
  })
})
