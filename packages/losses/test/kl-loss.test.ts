import { describe, expect, it } from 'vitest'
import { both, inLoss, inReward, ratioWeighted, trainerChoices } from '@posttrain/kl'
import { klLoss } from '@posttrain/losses'

const scores = [{ logprob: Float64Array.of(-1, -2) }, { logprob: Float64Array.of(-0.5) }]
const constants = [
  { weight: 0.5, referenceLogprob: [-3, -2.5] },
  { weight: 2, referenceLogprob: [-1.5] },
]

describe('klLoss', () => {
  it('is the placement’s value and cotangents, times coefficient and weight', () => {
    const { value, cotangents, metrics } = klLoss(inLoss({ value: 'k2' }), 0.1).evaluate(scores, constants)
    expect(value).toBeCloseTo(0.1 * (0.5 * (2 + 0.125) + 2 * 0.5), 12)
    expect([...cotangents[0]!.logprob!, ...cotangents[1]!.logprob!].map((x) => Number(x.toFixed(12)))).toEqual([
      0.1, 0.025, 0.2,
    ])
    expect(metrics).toEqual({ kl: (2.125 + 0.5) / 2 })
  })

  it('reports one value and differentiates another where the placement does', () => {
    const term = klLoss(trainerChoices['verl kl_loss_type=kl+'], 1).evaluate(scores, constants)
    expect(term.value).toBe(0.5 * 2.5 + 2 * 1)
    expect(term.cotangents[1]!.logprob![0]).toBe(2)
  })

  it('allows several updates per batch where the placement is right for them, or on request', () => {
    expect(klLoss(ratioWeighted({ value: 'k3' }), 1).onPolicy).toBeUndefined()
    for (const placement of [inLoss({ value: 'k3' }), inReward({ value: 'k1' }), both({ value: 'k3' })]) {
      expect(klLoss(placement, 1).onPolicy).toBe(true)
      expect(klLoss(placement, 1, { reuseSamples: true }).onPolicy).toBeUndefined()
    }
  })

  it('differentiates and reads what its placement does', () => {
    for (const placement of [inLoss({ value: 'rao-blackwell' }), ratioWeighted({ value: 'k3' })]) {
      const { differentiates, reads } = klLoss(placement, 1)
      expect({ differentiates, reads }).toEqual({ differentiates: placement.differentiates, reads: placement.reads })
    }
    expect(klLoss(ratioWeighted({ value: 'k3' }), 1).reads).toEqual(['referenceLogprob', 'rolloutLogprob'])
    expect(() => klLoss(inLoss({ value: 'rao-blackwell' }), 1).evaluate(scores, constants)).toThrow('klToReference')
  })

  it('refuses what it cannot use', () => {
    expect(() => klLoss(inLoss({ value: 'k2' }), -1)).toThrow('coefficient')
    expect(() => klLoss(inLoss({ value: 'k2' }), 1).evaluate(scores, [constants[0]!, { weight: 1 }])).toThrow(
      'sequence 1 has no referenceLogprob',
    )
    expect(() => klLoss(ratioWeighted({ value: 'k3' }), 1).evaluate(scores, constants)).toThrow('rolloutLogprob')
  })
})
