import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Loss } from '@posttrain/core'
import { policyGradientLoss, ppoClipLoss } from '@posttrain/losses'
import { batches, tokensWithRatios } from './support/batch.js'

/** Value, cotangent and share of clipped tokens of one token. */
function evaluate(ratio: number, advantage: number, loss = ppoClipLoss()): number[] {
  const { scores, constants } = tokensWithRatios([ratio], advantage)
  const { value, cotangents, metrics } = loss.evaluate(scores, constants)
  return [value, cotangents[0]!.logprob![0]!, metrics['clipFraction']!]
}
const close = (actual: readonly number[], expected: readonly number[]): void =>
  expected.forEach((x, i) => expect(actual[i]).toBeCloseTo(x, 12))

describe('ppoClipLoss', () => {
  it('clips only where the ratio has already gone the way the advantage points', () => {
    close(evaluate(1.5, 1), [-1.2, 0, 1])
    close(evaluate(1.5, -1), [1.5, 1.5, 0])
    close(evaluate(0.5, 1), [-0.5, -0.5, 0])
    close(evaluate(0.5, -1), [0.8, 0, 1])
    close(evaluate(1.25, 1, ppoClipLoss({ clipHigh: 0.28 })), [-1.25, -1.25, 0])
  })

  it('bounds the ratio of negative advantages by the dual clip', () => {
    const dual = ppoClipLoss({ dualClip: 3 })
    close(evaluate(5, -1, dual), [3, 0, 0])
    close(evaluate(2.5, -1, dual), [2.5, 2.5, 0])
    close(evaluate(5, 1, dual), [-1.2, 0, 1])
    const { scores, constants } = tokensWithRatios([5, 2.5, 0.5, 1], -1)
    expect(dual.evaluate(scores, constants).metrics).toEqual({ clipFraction: 0.25, dualClipFraction: 0.25 })
  })

  it('without a bound on it is the limit of a large one', () => {
    fc.assert(
      fc.property(batches, ({ scores, constants }) => {
        const { value, cotangents } = ppoClipLoss({ dualClip: 1e9 }).evaluate(scores, constants)
        expect({ value, cotangents }).toEqual({ ...ppoClipLoss().evaluate(scores, constants), metrics: undefined })
      }),
    )
  })

  it('is the policy gradient in the first update', () => {
    fc.assert(
      fc.property(batches, ({ scores, constants }) => {
        const fresh = constants.map((own, i) => ({ ...own, oldLogprob: scores[i]!.logprob }))
        const slopes = (loss: Loss): number[] =>
          loss.evaluate(scores, fresh).cotangents.flatMap(({ logprob }) => Array.from(logprob!, (x) => x + 0)) // no −0
        expect(slopes(ppoClipLoss())).toEqual(slopes(policyGradientLoss()))
      }),
    )
  })

  it('gives each token its own advantage', () => {
    const scores = [{ logprob: Float64Array.of(-1, -1, -1) }]
    const { value, cotangents } = ppoClipLoss().evaluate(scores, [
      { advantage: [1, -2, 0], weight: 0.5, oldLogprob: [-1, -1, -1] },
    ])
    expect(value).toBe(0.5)
    close([...cotangents[0]!.logprob!], [-0.5, 1, 0])
  })

  it('adds nothing for advantage 0, whatever the ratio', () => {
    close(evaluate(Infinity, 0), [0, 0, 0])
  })

  it('cuts log-ratios off where asked', () => {
    const cut = ppoClipLoss({ logRatioClamp: 20 })
    close(evaluate(Math.exp(19), -1, cut).map(Math.log), [19, 19])
    const [value, slope] = evaluate(Math.exp(30), -1, cut)
    expect([Math.log(value!), slope]).toEqual([20, 0])
  })

  it('refuses what it cannot use', () => {
    const scores = [{ logprob: Float64Array.of(-1) }]
    const loss = ppoClipLoss()
    expect(() => loss.evaluate(scores, [{ advantage: 1, weight: 1 }])).toThrow('sequence 0 has no oldLogprob')
    expect(() => loss.evaluate(scores, [{ advantage: 1, weight: 1, oldLogprob: [-1, -1] }])).toThrow(
      'oldLogprob of sequence 0 must have 1 entries, but has 2',
    )
    expect(() => loss.evaluate(scores, [{ advantage: [1, 2], weight: 1, oldLogprob: [-1] }])).toThrow(
      'advantage of sequence 0 must have 1 entries, but has 2',
    )
    expect(() => loss.evaluate(scores, [{ weight: 1, oldLogprob: [-1] }])).toThrow('sequence 0 has no advantage')
    expect(() => loss.evaluate([{}], [{ advantage: 1, weight: 1, oldLogprob: [-1] }])).toThrow(
      'the score logprob is missing',
    )
    expect(() => loss.evaluate(scores, [])).toThrow('constants must have 1 entries, but has 0')
    expect(() => ppoClipLoss({ clipLow: 1.2 })).toThrow('clipLow')
    expect(() => ppoClipLoss({ dualClip: 0.5 })).toThrow('dualClip')
    expect(() => ppoClipLoss({ logRatioClamp: -1 })).toThrow('logRatioClamp')
  })
})
