import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { klDivergence, sampledTopKKl, topKKl, type Distribution } from '@posttrain/kl'
import { distributions, fullDistributions } from '../arbitrary-distributions.js'

/** The first k outcomes are the known ones: that they are the likeliest has no part in any claim. */
const known = (p: Distribution, q: Distribution, k: number) => ({
  logprobs: p.logprobs.slice(0, k),
  referenceLogprobs: q.logprobs.slice(0, k),
})
const sizes = fc.integer({ min: 0, max: 5 })

describe('topKKl', () => {
  it('bounds the KL of the whole distribution, and is it where nothing is left out', () => {
    fc.assert(
      fc.property(distributions(5), distributions(5), sizes, (p, q, k) => {
        const kl = klDivergence(p, q)
        const { lower, upper, tailMass } = topKKl(known(p, q, k))
        expect(lower).toBeLessThanOrEqual(kl + 1e-9)
        expect(upper).toBeGreaterThanOrEqual(kl - 1e-9)
        if (k === 5 && Number.isFinite(kl)) {
          expect(Math.abs(lower - kl)).toBeLessThan(1e-12)
          expect(tailMass).toBeLessThan(1e-12)
        }
      }),
    )
  })

  it('has a finite upper bound from a bound on the log-ratio', () => {
    fc.assert(
      fc.property(fullDistributions(5), fullDistributions(5), sizes, (p, q, k) => {
        const ratios = p.logprobs.map((l, i) => Math.abs(l - q.logprobs[i]!))
        const { lower, upper, tailMass } = topKKl({ ...known(p, q, k), logRatioBound: Math.max(...ratios) })
        const kl = klDivergence(p, q)
        expect(upper).toBeGreaterThanOrEqual(kl - 1e-12)
        expect(lower).toBeLessThanOrEqual(kl + 1e-12)
        expect(upper - lower).toBeLessThanOrEqual(2 * tailMass * Math.max(...ratios) + 1e-12)
      }),
    )
  })

  it('refuses what are no log-probs', () => {
    expect(() => topKKl({ logprobs: [0.5], referenceLogprobs: [0] })).toThrow(
      'logprobs[0] must be a log-prob, but is 0.5',
    )
    expect(() => topKKl({ logprobs: [0, 0], referenceLogprobs: [-1, -1] })).toThrow('must add up to at most 1')
    expect(() => topKKl({ logprobs: [0], referenceLogprobs: [0], logRatioBound: -1 })).toThrow('logRatioBound')
  })
})

describe('sampledTopKKl', () => {
  it('is unbiased for every k, k1 for none and exact for all', () => {
    fc.assert(
      fc.property(fullDistributions(5), fullDistributions(5), sizes, (p, q, k) => {
        const values = Array.from(p.logprobs, (logprob, i) =>
          sampledTopKKl(known(p, q, k), i < k ? undefined : { logprob, referenceLogprob: q.logprobs[i]! }),
        )
        const mean = values.reduce((sum, value, i) => sum + p.probabilities[i]! * value, 0)
        expect(Math.abs(mean - klDivergence(p, q))).toBeLessThan(1e-12)
        if (k === 0) expect(values).toEqual(Array.from(p.logprobs, (l, i) => l - q.logprobs[i]!))
      }),
    )
  })
})
