import { describe, expect, it } from 'vitest'
import { supervisedLoss } from '@posttrain/trainers'

describe('supervisedLoss', () => {
  it('is the weighted sum of negative log-probs, whatever the advantage', () => {
    const scores = [{ logprob: Float64Array.of(-1, -2) }, { logprob: Float64Array.of(-3) }]
    const { value, cotangents } = supervisedLoss().evaluate(scores, [
      { advantage: 0, weight: 0.5 },
      { advantage: 7, weight: 2 },
    ])
    expect(value).toBe(7.5)
    expect(cotangents).toEqual([{ logprob: Float64Array.of(-0.5, -0.5) }, { logprob: Float64Array.of(-2) }])
  })
})
