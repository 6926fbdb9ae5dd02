import { describe, expect, it } from 'vitest'
import { reverseDistillationLoss } from '@posttrain/losses'

describe('reverseDistillationLoss', () => {
  it('is the weighted sum of exact next-token KLs, and reports their mean', () => {
    const scores = [{ logprob: Float64Array.of(-1, -2), klToReference: Float64Array.of(0.25, 0.75) }]
    const { value, cotangents, metrics } = reverseDistillationLoss().evaluate(scores, [{ weight: 0.5 }])
    expect([value, metrics['kl']]).toEqual([0.5, 0.5])
    expect(cotangents).toEqual([{ klToReference: Float64Array.of(0.5, 0.5) }])
  })

  it('refuses scores without the teacher', () => {
    expect(() => reverseDistillationLoss().evaluate([{ logprob: Float64Array.of(-1) }], [{ weight: 1 }])).toThrow(
      'the score klToReference is missing',
    )
  })
})
