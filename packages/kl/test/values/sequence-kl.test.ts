import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { klDivergence, klValues, fromProbabilities, offPolicySequenceKl, offPolicyTokenKl } from '@posttrain/kl'
import { klEstimate, prefixRatios, raoBlackwellKl, sequenceKl, tokenKl } from '@posttrain/kl'
import {
  expectation,
  logprobsOf,
  prefixCount,
  sequenceDistribution,
  sequencePolicy,
  type Sequence,
} from '../sequence-policy.js'
import { logit } from '../arbitrary-distributions.js'
import { twoTokens } from '../two-tokens.js'

const V = 2
const T = 3
const logits = fc.array(logit(2), {
  minLength: V * prefixCount(V, T),
  maxLength: V * prefixCount(V, T),
})
const policies = logits.map((values) => sequencePolicy(V, T, values))

describe('values of sequences', () => {
  it('have the printed variances on the two-token example', () => {
    const { policy, reference } = twoTokens
    const pair = (s: Sequence) => ({ logprob: logprobsOf(policy, s), referenceLogprob: logprobsOf(reference, s) })
    const rows = (p: typeof policy, s: Sequence) => s.prefixes.map((row) => p.rows[row]!)
    const variance = (value: (s: Sequence) => number): number => {
      const mean = expectation(policy, value)
      expect(mean).toBeCloseTo(0.207506, 6)
      return expectation(policy, (s) => (value(s) - mean) ** 2)
    }
    expect(variance((s) => tokenKl(klValues.k1, pair(s)))).toBeCloseTo(0.358475, 6)
    expect(variance((s) => sequenceKl(klValues.k3, pair(s)))).toBeCloseTo(0.059257, 6)
    expect(variance((s) => tokenKl(klValues.k3, pair(s)))).toBeCloseTo(0.019277, 6)
    expect(variance((s) => raoBlackwellKl(rows(policy, s), rows(reference, s)))).toBeCloseTo(0.0000193, 7)
  })

  it('are unbiased for the KL of sequences wherever the value is', () => {
    fc.assert(
      fc.property(policies, policies, (policy, reference) => {
        const p = fromProbabilities(sequenceDistribution(policy))
        const kl = klDivergence(p, fromProbabilities(sequenceDistribution(reference)))
        for (const value of [klValues.k1, klValues.k3]) {
          for (const of of [tokenKl, sequenceKl]) {
            const mean = expectation(policy, (s) =>
              of(value, { logprob: logprobsOf(policy, s), referenceLogprob: logprobsOf(reference, s) }),
            )
            // sequence ratios reach e^24 at most with probability e^-12, so 1e-11 bounds the rounding
            expect(Math.abs(mean - kl)).toBeLessThan(1e-9)
          }
        }
      }),
    )
  })

  it('are unbiased on samples of another policy when weighted by prefixes, and not by single tokens', () => {
    let largestTokenBias = 0
    fc.assert(
      fc.property(policies, policies, policies, (policy, reference, sampler) => {
        const p = fromProbabilities(sequenceDistribution(policy))
        const kl = klDivergence(p, fromProbabilities(sequenceDistribution(reference)))
        const sample = (s: Sequence) => ({
          logprob: logprobsOf(policy, s),
          referenceLogprob: logprobsOf(reference, s),
          rolloutLogprob: logprobsOf(sampler, s),
        })
        for (const value of [klValues.k1, klValues.k3]) {
          expect(Math.abs(expectation(sampler, (s) => offPolicyTokenKl(value, sample(s))) - kl)).toBeLessThan(1e-9)
          expect(Math.abs(expectation(sampler, (s) => offPolicySequenceKl(value, sample(s))) - kl)).toBeLessThan(1e-9)
        }
        const single = expectation(sampler, (s) => {
          const { logprob, referenceLogprob, rolloutLogprob } = sample(s)
          return logprob.reduce((sum, l, t) => sum + Math.exp(l - rolloutLogprob[t]!) * (l - referenceLogprob[t]!), 0)
        })
        largestTokenBias = Math.max(largestTokenBias, Math.abs(single - kl))
      }),
      { seed: 3 },
    )
    expect(largestTokenBias).toBeGreaterThan(0.1)
  })

  it('check what they are given', () => {
    expect(() => tokenKl(klValues.k1, { logprob: [-1], referenceLogprob: [] })).toThrow(
      'must have 1 entries, but has 0',
    )
    expect(() => tokenKl(klValues.k1, { logprob: [-Infinity], referenceLogprob: [-1] })).toThrow('logprob[0]')
    const empty = { logprob: [], referenceLogprob: [], rolloutLogprob: [] }
    expect(() => offPolicySequenceKl(klValues.k1, empty)).toThrow('at least one token')
    expect(offPolicyTokenKl(klValues.k1, empty)).toBe(0)
    expect([...prefixRatios([-1, -2], [-2, -2])]).toEqual([Math.E, Math.E])
  })
})

describe('klEstimate', () => {
  it('takes groups as what is independent', () => {
    const samples = [
      [1, 1, 1, 1],
      [3, 3],
    ]
    expect(klEstimate(samples)).toEqual({ value: 2, standardError: 1, groups: 2, samples: 6 })
    // Taken as six independent samples the error would be sqrt(16/15)/√6·… = .42; the groups show that it is 1.
    expect(() => klEstimate([[1]])).toThrow('at least 2 groups')
    expect(() => klEstimate([[1], []])).toThrow('groups[1] must not be empty')
    expect(() => klEstimate([[1], [NaN]])).toThrow('groups[1][0] must be a finite number')
  })
})
