import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as estimators from '@posttrain/estimators'
import { advantageLaws, estimatorLaws, knownDistributionLaws, objectiveLaws } from '@posttrain/laws'
import { everyBiasedAdvantage } from './table/biased-advantages.js'
import { everyEstimator } from './table/estimators.js'
import { everyKnownDistribution } from './table/known-distributions.js'
import { everyObjective } from './table/objectives.js'

const seed = 20_261_121

describe.each(everyEstimator)('$title', ({ subject, claims }) => {
  it.each(estimatorLaws(subject, claims))('$name', ({ property }) => fc.assert(property, { seed }))
})

describe.each(everyObjective)('$title', ({ subject, claims }) => {
  it.each(objectiveLaws(subject, claims))('$name', ({ property }) => fc.assert(property, { seed }))
})

describe.each(everyBiasedAdvantage)('$title', ({ subject, claims }) => {
  it.each(advantageLaws(subject, claims))('$name', ({ property }) => fc.assert(property, { seed }))
})

describe.each(everyKnownDistribution)('$title', ({ subject, claims, title }) => {
  it.each(knownDistributionLaws(title, subject, claims))('$name', ({ property }) => fc.assert(property, { seed }))
})

/** Exports that stand for a number that k samples decide, or for its gradient. */
const isEstimator = (name: string): boolean =>
  /^[a-z]\w*(AtK|HatK|OfN|winRate)(From\w+)?$|^winRate|Objective$|Advantages$|^leaveTwoOut$|^estimateAfter/.test(
    name,
  ) && name !== 'parseObjective'

describe('the table', () => {
  it('holds every estimator, objective and advantage that is exported', () => {
    const entries = [...everyEstimator, ...everyObjective, ...everyBiasedAdvantage, ...everyKnownDistribution]
    const exported = Object.keys(estimators).filter(isEstimator)
    expect(exported.filter((name) => !entries.some(({ title }) => title.startsWith(name)))).toEqual([])
    expect(exported.length).toBeGreaterThan(20)
  })
})
