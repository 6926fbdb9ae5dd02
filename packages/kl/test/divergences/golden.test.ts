import { describe, expect, it } from 'vitest'
import * as kl from '@posttrain/kl'
import type { Divergence } from '@posttrain/kl'
import { distribution, fromJson, golden } from '../golden.js'

const divergences: Readonly<Record<string, Divergence>> = {
  kl: kl.klDivergence,
  'reversed kl': (p, q) => kl.klDivergence(q, p),
  jeffreys: kl.jeffreysDivergence,
  'jensen-shannon': kl.jensenShannonDivergence,
  'total variation': kl.totalVariation,
  'squared hellinger': kl.squaredHellinger,
  'chi-squared': kl.chiSquaredDivergence,
  'alpha -1': kl.alphaDivergence(-1),
  'alpha 0.001': kl.alphaDivergence(0.001),
  'alpha 0.5': kl.alphaDivergence(0.5),
  'alpha 3': kl.alphaDivergence(3),
  'renyi 0.3': kl.renyiDivergence(0.3),
  'renyi 0.999': kl.renyiDivergence(0.999),
  'renyi 2': kl.renyiDivergence(2),
  'renyi infinity': kl.renyiDivergence(Infinity),
}

describe('divergences of mpmath with 50 digits', () => {
  it.each(Object.keys(divergences))('%s', (name) => {
    for (const { p, q, values } of golden.divergences) {
      const [expected, P, Q] = [fromJson(values[name]!), distribution(p), distribution(q)]
      const actual = divergences[name]!(P, Q)
      if (expected === Infinity || expected > Number.MAX_VALUE) expect(actual).toBe(Infinity)
      else {
        // Log-probs carry a rounding of about 1e-16, which moves a log-ratio d by 1e-16/d of itself.
        const largest = Math.max(
          ...P.logprobs.map((logP, i) => Math.abs(logP - Q.logprobs[i]!)).filter(Number.isFinite),
        )
        expect(Math.abs(actual - expected)).toBeLessThanOrEqual(expected * (1e-13 + 2e-15 / largest))
      }
    }
  })
})
