import { describe, expect, it } from 'vitest'
import { policyGradientLoss } from '@posttrain/losses'

describe('policyGradientLoss', () => {
  it('is minus the sum of advantage times log-prob', () => {
    const scores = [{ logprob: Float64Array.of(-1, -2) }, { logprob: Float64Array.of(-3) }]
    const { value, cotangents } = policyGradientLoss().evaluate(scores, [
      { advantage: [2, -1], weight: 0.5 },
      { advantage: 3, weight: 1 },
    ])
    expect(value).toBe(0.5 * (2 - 2) + 9)
    expect(cotangents).toEqual([{ logprob: Float64Array.of(-1, 0.5) }, { logprob: Float64Array.of(-3) }])
  })

  it('wants an advantage for each token or one for all', () => {
    expect(() =>
      policyGradientLoss().evaluate([{ logprob: Float64Array.of(-1, -2) }], [{ advantage: [1], weight: 1 }]),
    ).toThrow('advantage of sequence 0 must have 2 entries, but has 1')
  })
})
