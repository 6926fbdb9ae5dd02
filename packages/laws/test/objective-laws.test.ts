import fc from 'fast-check'
import { describe, it } from 'vitest'
import { objectiveLaws } from '@posttrain/laws'
import { everyObjective } from './every-objective.js'

describe.each(everyObjective)('$title', ({ objective, claims }) => {
  it.each(objectiveLaws(objective, claims))('$name', ({ property }) => fc.assert(property, { seed: 1 }))
})
