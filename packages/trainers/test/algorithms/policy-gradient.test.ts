import { maxAtKObjective } from '@posttrain/estimators'
import { majorityVote } from '@posttrain/sampling'
import { describe, expect, it } from 'vitest'
import { centred } from '../../src/algorithms/inference-time.js'
import { policyGradient } from '../../src/algorithms/policy-gradient.js'
import { withPpoClip } from '../../src/algorithms/with-ppo-clip.js'

describe('policyGradient', () => {
  it('is that of an objective, without a reading', () => {
    const objective = maxAtKObjective({ k: 2 })
    const row = policyGradient(objective)
    expect([row.name, row.objective, row.reading]).toEqual(['max@2', objective, undefined])
    expect([row.loss.name, row.aggregation.name, row.advantages.bias(4)]).toEqual([
      'policy-gradient',
      'sequence sum',
      { kind: 'exact' },
    ])
    expect([row.kl, row.flow]).toEqual([undefined, undefined])
  })

  it('is that of a procedure, with what it reads; so are rows that are made of it', () => {
    const vote = majorityVote({ k: 3 })
    for (const row of [policyGradient(vote), centred(vote), withPpoClip(policyGradient(vote))]) {
      expect([row.objective, row.reading]).toEqual([vote.objective, vote])
    }
  })
})
