import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { policyGradientLoss, ppoClipLoss, sequenceRatioClipLoss } from '@posttrain/losses'
import { batches } from './support/batch.js'

const logRatios = [0.1, -0.05, 0.02, 0.03]
const scores = [{ logprob: Float64Array.from(logRatios, (l) => l - 1) }]
const constants = (advantage: number, weight = 1 / 4) => [{ advantage, weight, oldLogprob: [-1, -1, -1, -1] }]

describe('sequenceRatioClipLoss', () => {
  it('has the geometric mean of the ratios, or their product', () => {
    const wide = { clipLow: 0.2, clipHigh: 0.2 }
    const mean = sequenceRatioClipLoss(wide).evaluate(scores, constants(1))
    expect(mean.metrics['meanRatio']).toBeCloseTo(1.025315, 6)
    expect(mean.value).toBeCloseTo(-Math.exp(0.025), 12)
    const product = sequenceRatioClipLoss({ ...wide, ratio: 'product' }).evaluate(scores, constants(1, 1))
    expect(product.metrics['meanRatio']).toBeCloseTo(1.105171, 6)
    expect(product.value).toBeCloseTo(-Math.exp(0.1), 12)
  })

  it('clips all tokens of a sequence or none', () => {
    const up = sequenceRatioClipLoss().evaluate(scores, constants(1))
    expect(up.value).toBeCloseTo(-1.0004, 12)
    expect(up.cotangents[0]!.logprob!.every((slope) => Math.abs(slope) === 0)).toBe(true)
    expect(up.metrics['clipFraction']).toBe(1)
    const down = sequenceRatioClipLoss().evaluate(scores, constants(-1))
    for (const slope of down.cotangents[0]!.logprob!) expect(slope).toBeCloseTo(Math.exp(0.025) / 4, 12)
    expect(down.metrics['clipFraction']).toBe(0)
  })

  it('is PPO on sequences of one token', () => {
    fc.assert(
      fc.property(batches, fc.constantFrom('geometric-mean', 'product'), (batch, ratio) => {
        const one = batch.scores.map(({ logprob }) => ({ logprob: logprob.slice(0, 1) }))
        const owns = batch.constants.map(({ weight, oldLogprob, advantage }) => ({
          weight,
          oldLogprob: [oldLogprob[0]!],
          advantage: typeof advantage === 'number' ? advantage : [advantage[0]!],
        }))
        const ours = sequenceRatioClipLoss({ ratio, clipLow: 0.2, clipHigh: 0.3 }).evaluate(one, owns)
        const ppo = ppoClipLoss({ clipHigh: 0.3 }).evaluate(one, owns)
        expect(ours.value).toBeCloseTo(ppo.value, 12)
        ppo.cotangents.forEach(({ logprob }, i) =>
          expect(ours.cotangents[i]!.logprob![0]).toBeCloseTo(logprob![0]!, 12),
        )
      }),
    )
  })

  it('is the policy gradient in the first update, with one advantage per sequence', () => {
    fc.assert(
      fc.property(batches, fc.constantFrom('geometric-mean', 'product'), (batch, ratio) => {
        const fresh = batch.constants.map((own, i) => ({
          ...own,
          advantage: i - 0.5,
          oldLogprob: batch.scores[i]!.logprob,
        }))
        const ours = sequenceRatioClipLoss({ ratio }).evaluate(batch.scores, fresh)
        const plain = policyGradientLoss().evaluate(batch.scores, fresh)
        plain.cotangents.forEach(({ logprob }, i) =>
          logprob!.forEach((slope, t) => expect(ours.cotangents[i]!.logprob![t]).toBeCloseTo(slope, 12)),
        )
      }),
    )
  })

  it('counts an empty sequence as nothing', () => {
    const { value, cotangents } = sequenceRatioClipLoss().evaluate(
      [{ logprob: new Float64Array(0) }],
      [{ advantage: 1, weight: 1, oldLogprob: [] }],
    )
    expect([value, cotangents]).toEqual([0, [{ logprob: new Float64Array(0) }]])
  })

  it('refuses what it cannot use', () => {
    expect(() => sequenceRatioClipLoss({ ratio: 'mean' as 'product' })).toThrow(
      'ratio must be one of geometric-mean, product, but is "mean"',
    )
    expect(() => sequenceRatioClipLoss({ clipHigh: -1 })).toThrow('clipHigh')
    expect(() => sequenceRatioClipLoss().evaluate(scores, [{ advantage: 1, weight: 1 }])).toThrow('oldLogprob')
  })
})
