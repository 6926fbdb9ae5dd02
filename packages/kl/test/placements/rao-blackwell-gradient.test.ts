import { describe, expect, it } from 'vitest'
import { both, inLoss, inReward, type KlPlacement } from '@posttrain/kl'
import { expectation, expectedGradient, logprobsOf, probabilityOf, scoresOf } from '../sequence-policy.js'
import { sequences, type Sequence } from '../sequence-policy.js'
import { twoTokens } from '../two-tokens.js'

const { policy, reference } = twoTokens
const cotangents = (placement: KlPlacement) => (s: Sequence) =>
  placement.contribution(scoresOf(policy, reference, s), { referenceLogprob: logprobsOf(reference, s) }, 1).cotangents

/** The contribution of one sequence to the gradient, by giving the sampler that sequence alone its weight. */
function gradientOf(placement: KlPlacement, s: Sequence): Float64Array {
  const of = cotangents(placement)
  const weight = probabilityOf(policy, s)
  return expectedGradient(policy, reference, policy, (other) =>
    other.tokens.join() === s.tokens.join()
      ? of(other)
      : { logprob: new Float64Array(2), klToReference: new Float64Array(2) },
  ).map((g) => g / weight)
}

/** Trace of the covariance of one sample's gradient. */
function variance(placement: KlPlacement): number {
  const mean = expectedGradient(policy, reference, policy, cotangents(placement))
  return expectation(policy, (s) => gradientOf(placement, s).reduce((sum, g, i) => sum + (g - mean[i]!) ** 2, 0))
}

describe('the Rao–Blackwell gradient on two tokens', () => {
  it('is exact with the score term and biased by the printed amount without', () => {
    const exact = expectedGradient(policy, reference, policy, cotangents(inReward({ value: 'k1' })))
    const full = expectedGradient(policy, reference, policy, cotangents(both({ value: 'rao-blackwell' })))
    const pathOnly = expectedGradient(policy, reference, policy, cotangents(inLoss({ value: 'rao-blackwell' })))
    full.forEach((g, i) => expect(g).toBeCloseTo(exact[i]!, 14))
    const bias = pathOnly.map((g, i) => g - exact[i]!)
    ;[0.00215, -0.00215, 0, 0, 0, 0].forEach((printed, i) => expect(Math.abs(bias[i]! - printed)).toBeLessThan(5e-6))
  })

  it("has the printed variance, a quarter of Monte Carlo's", () => {
    expect(variance(both({ value: 'rao-blackwell' }))).toBeCloseTo(0.074, 4)
    expect(variance(inReward({ value: 'k1', level: 'sequence' }))).toBeCloseTo(0.3163, 4)
    expect([...sequences(policy)]).toHaveLength(4)
  })
})
