import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { both, controlVariate, inLoss, inReward, klValues, ratioWeighted } from '@posttrain/kl'
import type { KlPlacement } from '@posttrain/kl'
import { klGradientLaws, klValueLaws } from '@posttrain/laws'
import type { KlGradientClaim, OneTokenPenalty } from '@posttrain/laws'

describe.each([...Object.values(klValues), controlVariate(0.5), controlVariate(-1)])('$name', (value) => {
  it.each(klValueLaws(value, value))('$name', ({ property }) => fc.assert(property, { seed: 1 }))
})

/** A placement on samples of one token. */
const penaltyOf = (placement: KlPlacement): OneTokenPenalty => ({
  name: placement.name,
  cotangent(logprob, referenceLogprob) {
    const scores = { logprob: Float64Array.of(logprob) }
    const constants = { referenceLogprob: [referenceLogprob], rolloutLogprob: [logprob] }
    return placement.contribution(scores, constants, 1).cotangents.logprob![0]!
  },
})

/** Every placement whose expected gradient on single tokens is that of a divergence. */
const everyPlacement: readonly [KlPlacement, KlGradientClaim, number][] = [
  [inLoss({ value: 'k1', allowZeroGradient: true }), 'none', 1],
  [inLoss({ value: 'k2' }), 'reverse-KL', 1],
  [inLoss({ value: 'k3' }), 'forward-KL', 1],
  [inReward({ value: 'k1' }), 'reverse-KL', 1],
  [both({ value: 'k1' }), 'reverse-KL', 1],
  [both({ value: 'k3' }), 'reverse-KL', 1],
  [both({ value: 'k3', each: 0.5 }), 'reverse-KL', 0.5],
  [ratioWeighted({ value: 'k1' }), 'reverse-KL', 1],
  [ratioWeighted({ value: 'k3' }), 'reverse-KL', 1],
]

describe.each(everyPlacement)('$0.name', (placement, follows, scale) => {
  it.each(klGradientLaws(penaltyOf(placement), { follows, scale }))('$name', ({ property }) =>
    fc.assert(property, { seed: 1 }),
  )
})

describe('klGradientLaws', () => {
  it.each([
    ['k3 in loss', inLoss({ value: 'k3' })],
    ['k3 in reward', inReward({ value: 'k3' })],
    ['k2 in reward', inReward({ value: 'k2' })],
  ])('catch %s claimed to follow the reverse KL, on two outcomes', (_, placement) => {
    const [law] = klGradientLaws(penaltyOf(placement), { follows: 'reverse-KL' })
    const { failed, counterexample } = fc.check(law!.property, { seed: 1 })
    expect(failed).toBe(true)
    const [{ p, q }] = counterexample as [{ p: number[]; q: number[] }]
    expect([p.length, q.length]).toEqual([2, 2])
  })
})
