import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  importanceWeightedLoss,
  policyGradientLoss,
  ppoClipLoss,
  sequenceRatioClipLoss,
  supervisedLoss,
  truncatedImportance,
} from '@posttrain/losses'
import { batches } from './support/batch.js'

const logprob = Float64Array.of(-1, -2, -1.5)
const constants = [
  { advantage: 1, weight: 1, oldLogprob: [-1, -2, -1.5], rolloutLogprob: [-1.5, -1.5, -1.5 - Math.log(3)] },
]

describe('truncatedImportance', () => {
  it('multiplies each token by what the trainer’s engine made of it, up to the cap', () => {
    const { cotangents, metrics } = truncatedImportance(policyGradientLoss(), { cap: 2 }).evaluate(
      [{ logprob }],
      constants,
    )
    const factors = [Math.exp(0.5), Math.exp(-0.5), 2]
    cotangents[0]!.logprob!.forEach((slope, t) => expect(slope).toBeCloseTo(-factors[t]!, 12))
    expect(metrics['truncatedFraction']).toBeCloseTo(1 / 3, 12)
    expect(metrics['meanImportance']).toBeCloseTo(factors.reduce((a, b) => a + b, 0) / 3, 12)
  })

  it('reads both log-probs from before, and what the wrapped loss reads', () => {
    const loss = truncatedImportance(policyGradientLoss(), { cap: 2 })
    expect(loss.reads).toEqual(['advantage', 'rolloutLogprob', 'oldLogprob'])
    expect([loss.onPolicy, loss.vanishesAtZeroAdvantage]).toEqual([true, true])
  })

  it('by sequence, has one factor from the product', () => {
    const at = (cap: number) =>
      truncatedImportance(policyGradientLoss(), { cap, level: 'sequence' }).evaluate([{ logprob }], constants)
    at(4).cotangents[0]!.logprob!.forEach((slope) => expect(slope).toBeCloseTo(-3, 12))
    at(2).cotangents[0]!.logprob!.forEach((slope) => expect(slope).toBe(-2))
    expect(at(2).metrics['truncatedFraction']).toBe(1)
  })

  it('has the wrapped loss measure the updates alone', () => {
    // The ratio of 3 to who drew would be clipped; that to the policy before the first update is 1.
    const loss = truncatedImportance(ppoClipLoss(), { cap: 10 })
    const { metrics, value } = loss.evaluate([{ logprob }], constants)
    expect(metrics['clipFraction']).toBe(0)
    expect(value).toBeCloseTo(-(Math.exp(0.5) + Math.exp(-0.5) + 3), 12)
  })

  it('leaves a wrapped ratio to who drew only what the updates did', () => {
    const loss = truncatedImportance(importanceWeightedLoss(), { cap: 2 })
    const moved = logprob.map((x) => x + 0.1)
    const { value } = loss.evaluate([{ logprob: moved }], constants)
    expect(value).toBeCloseTo(-Math.exp(0.1) * (Math.exp(0.5) + Math.exp(-0.5) + 2), 12)
  })

  it('changes nothing if both engines say the same', () => {
    fc.assert(
      fc.property(
        batches,
        fc.constantFrom(policyGradientLoss(), ppoClipLoss(), sequenceRatioClipLoss()),
        fc.constantFrom('token', 'sequence'),
        (batch, loss, level) => {
          const agreed = batch.constants.map((own) => ({ ...own, rolloutLogprob: own.oldLogprob }))
          const { value, cotangents, metrics } = loss.evaluate(batch.scores, agreed)
          const added = { truncatedFraction: 0, meanImportance: 1 }
          const corrected = truncatedImportance(loss, { cap: 2, level }).evaluate(batch.scores, agreed)
          expect(corrected).toEqual({ value, cotangents, metrics: { ...metrics, ...added } })
        },
      ),
    )
  })

  it('refuses what it cannot scale and what it lacks', () => {
    expect(() => truncatedImportance(supervisedLoss(), { cap: 2 })).toThrow(
      'truncatedImportance scales advantages, which the loss supervised does not scale with',
    )
    expect(() => truncatedImportance(ppoClipLoss(), { cap: -1 })).toThrow('cap')
    const loss = truncatedImportance(ppoClipLoss(), { cap: 2 })
    expect(() => loss.evaluate([{ logprob }], [{ advantage: 1, weight: 1, rolloutLogprob: [1, 2, 3] }])).toThrow(
      'sequence 0 has no oldLogprob',
    )
    expect(() => loss.evaluate([{ logprob }], [])).toThrow('constants must have 1 entries, but has 0')
  })
})
