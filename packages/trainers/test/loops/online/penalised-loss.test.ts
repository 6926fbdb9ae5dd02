import { meanObjective } from '@posttrain/estimators'
import { both, inLoss, inReward } from '@posttrain/kl'
import { ppoClipLoss } from '@posttrain/losses'
import { describe, expect, it } from 'vitest'
import type { Algorithm, KlPenalty } from '../../../src/algorithms/algorithm.js'
import { policyGradient } from '../../../src/algorithms/policy-gradient.js'
import { penalisedLoss } from '../../../src/loops/online/penalised-loss.js'

const row = (kl?: KlPenalty): Algorithm => ({ ...policyGradient(meanObjective()), loss: ppoClipLoss(), kl })
const scores = [{ logprob: Float64Array.of(-1, -2) }]
const constants = [{ weight: 0.5, advantage: 3, oldLogprob: [-1, -2], referenceLogprob: [-1.5, -1] }]
const cotangentOf = (kl?: KlPenalty, coefficient?: number): number[] => [
  ...penalisedLoss(row(kl), coefficient).evaluate(scores, constants).cotangents[0]!.logprob!,
]

describe('penalisedLoss', () => {
  it('is the loss itself where there is no penalty', () => {
    const algorithm = row()
    expect(penalisedLoss(algorithm)).toBe(algorithm.loss)
    expect(cotangentOf()).toEqual([-1.5, -1.5])
  })

  it('adds the cotangents of a penalty in the loss', () => {
    // k2 by token: β·w·(log π − log π_ref)
    const kl = { placement: inLoss({ value: 'k2' }), coefficient: 0.2 }
    ;[-1.5 + 0.05, -1.5 - 0.1].forEach((slope, t) => expect(cotangentOf(kl)[t]).toBeCloseTo(slope, 14))
    // Of another step, another coefficient.
    ;[-1.5 + 0.25, -1.5 - 0.5].forEach((slope, t) => expect(cotangentOf(kl, 1)[t]).toBeCloseTo(slope, 14))
    expect(penalisedLoss(row(kl)).reads).toEqual(['advantage', 'oldLogprob', 'referenceLogprob'])
  })

  it('adds nothing of a penalty in the reward', () => {
    expect(cotangentOf({ placement: inReward({ value: 'k1' }), coefficient: 0.2 })).toEqual([-1.5, -1.5])
    // Of a value in both places the part in the loss is left.
    const twice = { placement: both({ value: 'k2' }), coefficient: 0.2 }
    ;[-1.5 + 0.05, -1.5 - 0.1].forEach((slope, t) => expect(cotangentOf(twice)[t]).toBeCloseTo(slope, 14))
  })

  it('may be taken for several updates of a batch, like the surrogate', () => {
    const kl = { placement: inLoss({ value: 'k3' }), coefficient: 0.2 }
    expect(penalisedLoss(row(kl)).onPolicy).toBeUndefined()
  })
})
