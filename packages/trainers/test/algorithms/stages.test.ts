import { meanObjective, passAtKObjective } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import { grpo } from '../../src/algorithms/mean-reward.js'
import { policyGradient } from '../../src/algorithms/policy-gradient.js'
import { stages } from '../../src/algorithms/stages.js'

describe('stages', () => {
  const [eight, four, mean] = [
    policyGradient(passAtKObjective({ k: 8 })),
    policyGradient(passAtKObjective({ k: 4 })),
    policyGradient(meanObjective()),
  ]

  it('is one algorithm after another, each until its step', () => {
    const schedule = stages([{ algorithm: eight, until: 2 }, { algorithm: four, until: 3 }, { algorithm: mean }])
    expect([0, 1, 2, 3, 1000].map((step) => schedule(step).name)).toEqual([
      'pass@8',
      'pass@8',
      'pass@4',
      'mean',
      'mean',
    ])
    expect(stages([{ algorithm: mean }])(7)).toBe(mean)
  })

  it('refuses stages that do not follow one another', () => {
    expect(() => stages([])).toThrow('stages is empty')
    expect(() => stages([{ algorithm: grpo() }, { algorithm: grpo() }])).toThrow('every stage but the last needs until')
    expect(() => stages([{ algorithm: grpo(), until: 5 }])).toThrow('the last must not have it')
    const backwards = [{ algorithm: grpo(), until: 5 }, { algorithm: grpo(), until: 5 }, { algorithm: grpo() }] // prettier-ignore
    expect(() => stages(backwards)).toThrow('until must be an integer of at least 6, but is 5')
  })
})
