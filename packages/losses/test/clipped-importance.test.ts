import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clippedImportanceLoss, policyGradientLoss } from '@posttrain/losses'
import { batches, tokensWithRatios } from './support/batch.js'

describe('clippedImportanceLoss', () => {
  it('drops no token: its gradient has the clipped ratio for a factor', () => {
    const { scores, constants } = tokensWithRatios([0.5, 1, 1.1, 5], 2)
    const loss = clippedImportanceLoss({ clipLow: 0.2, clipHigh: 0.28 })
    const { cotangents, metrics } = loss.evaluate(scores, constants)
    cotangents.forEach(({ logprob }, i) => expect(logprob![0]).toBeCloseTo(-2 * [0.8, 1, 1.1, 1.28][i]!, 12))
    expect(metrics).toEqual({ clipFraction: 0.5 })
  })

  it('is the policy gradient in the first update', () => {
    fc.assert(
      fc.property(batches, ({ scores, constants }) => {
        const fresh = constants.map((own, i) => ({ ...own, oldLogprob: scores[i]!.logprob }))
        const { value, cotangents } = policyGradientLoss().evaluate(scores, fresh)
        const ours = clippedImportanceLoss().evaluate(scores, fresh)
        expect(ours).toEqual({ value, cotangents, metrics: { clipFraction: 0 } })
      }),
    )
  })

  it('refuses what it cannot use', () => {
    expect(() => clippedImportanceLoss({ clipLow: 2 })).toThrow('clipLow')
    expect(() =>
      clippedImportanceLoss().evaluate([{ logprob: Float64Array.of(-1) }], [{ advantage: 1, weight: 1 }]),
    ).toThrow('oldLogprob')
  })
})
