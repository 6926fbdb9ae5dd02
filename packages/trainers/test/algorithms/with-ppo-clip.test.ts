import { meanObjective } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import { dapo } from '../../src/algorithms/mean-reward.js'
import { policyGradient } from '../../src/algorithms/policy-gradient.js'
import { withPpoClip } from '../../src/algorithms/with-ppo-clip.js'

describe('withPpoClip', () => {
  it('takes two updates of a batch unless told otherwise', () => {
    const row = withPpoClip(policyGradient(meanObjective()))
    expect([row.name, row.loss.name, row.loss.onPolicy, row.flow]).toEqual([
      'mean with ppo clip',
      'ppo-clip',
      undefined,
      { epochs: 2 },
    ])
    expect(withPpoClip(policyGradient(meanObjective()), { epochs: 5 }).flow).toEqual({ epochs: 5 })
  })

  it('passes on where it clips, and keeps how samples come in', () => {
    const row = withPpoClip(dapo({ maxTokens: 8 }), { clipLow: 0.1, clipHigh: 0.5 })
    expect(row.flow).toEqual({ dynamicSampling: 4, epochs: 2 })
    const valueAt = (ratio: number, advantage: number): number =>
      row.loss.evaluate([{ logprob: Float64Array.of(Math.log(ratio)) }], [{ weight: 1, advantage, oldLogprob: [0] }])
        .value
    expect(valueAt(2, 1)).toBeCloseTo(-1.5, 14)
    expect(valueAt(0.5, -1)).toBeCloseTo(0.9, 14)
  })
})
