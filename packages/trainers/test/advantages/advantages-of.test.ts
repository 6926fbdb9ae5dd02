import { centredAdvantages, groupMeanAdvantages, maxAtKObjective, meanObjective } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import { advantagesOf } from '../../src/advantages/advantages-of.js'
import { ofOutcomes, rewarded } from './of-outcomes.js'

describe('advantagesOf', () => {
  it('is per sample: n times what an objective adds up', () => {
    const outcomes = rewarded(1, 0, 0, 0)
    // r − mean of the others
    ;[1, -1 / 3, -1 / 3, -1 / 3].forEach((value, i) =>
      expect(ofOutcomes(advantagesOf(meanObjective()))(outcomes)[i]).toBeCloseTo(value, 14),
    )
    const summed = maxAtKObjective({ k: 2 }).advantages(outcomes)
    const perSample = ofOutcomes(advantagesOf(maxAtKObjective({ k: 2 })))(outcomes)
    perSample.forEach((value, i) => expect(value).toBeCloseTo(4 * summed[i]!, 14))
    expect(perSample[0]).toBeGreaterThan(0.1)
  })

  it('leaves biased estimators as they are, which are per sample already', () => {
    expect(ofOutcomes(advantagesOf(groupMeanAdvantages()))(rewarded(1, 0, 0, 0))).toEqual([0.75, -0.25, -0.25, -0.25])
  })

  it('says of each what it knows', () => {
    const exact = advantagesOf(maxAtKObjective({ k: 3 }))
    expect([exact.name, exact.target, exact.minimumSamples, exact.bias(4)]).toEqual([
      'max@3',
      'max@3',
      3,
      { kind: 'exact' },
    ])
    const biased = advantagesOf(groupMeanAdvantages())
    expect([biased.target, biased.minimumSamples, biased.bias(4)]).toEqual([
      'mean',
      2,
      { kind: 'scaled', factor: 0.75 },
    ])
    expect(advantagesOf(centredAdvantages(maxAtKObjective({ k: 2 }))).bias(4).kind).not.toBe('exact')
  })
})
