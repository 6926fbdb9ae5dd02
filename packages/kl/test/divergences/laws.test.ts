import fc from 'fast-check'
import { divergenceLaws, divergenceStructureLaws } from '@posttrain/laws'
import type { DivergenceClaims, DivergenceStructureClaims } from '@posttrain/laws'
import { describe, expect, it } from 'vitest'
import * as kl from '@posttrain/kl'
import type { Divergence } from '@posttrain/kl'

const lecam = kl.fDivergence({ f: (t) => (t - 1) ** 2 / (t + 1), slopeAtInfinity: 1 })

/** Every divergence, with what it claims. A new one joins here. */
const table: readonly [string, Divergence, DivergenceClaims, DivergenceStructureClaims][] = [
  ['KL', kl.klDivergence, { additive: true }, { chainRule: true, pinsker: 2 }],
  ['KL with arguments exchanged', (p, q) => kl.klDivergence(q, p), { additive: true }, { pinsker: 2 }],
  ['Jeffreys', kl.jeffreysDivergence, { symmetric: true, additive: true }, { pinsker: 4 }],
  ['Jensen–Shannon', kl.jensenShannonDivergence, { symmetric: true }, { pinsker: 0.5, bound: Math.LN2 }],
  ['total variation', kl.totalVariation, { symmetric: true }, { pinsker: 1, bound: 1 }],
  ['squared Hellinger', kl.squaredHellinger, { symmetric: true }, { pinsker: 0.5, bound: 1 }],
  ['χ²', kl.chiSquaredDivergence, {}, { pinsker: 4 }],
  ['α = −1', kl.alphaDivergence(-1), {}, { pinsker: 2 }],
  ['α = ½', kl.alphaDivergence(0.5), { symmetric: true }, { pinsker: 2, bound: 4 }],
  ['α = 3', kl.alphaDivergence(3), {}, {}],
  ['Rényi ½', kl.renyiDivergence(0.5), { symmetric: true, additive: true }, { pinsker: 1 }],
  ['Rényi 2', kl.renyiDivergence(2), { additive: true }, { jointlyConvex: false, pinsker: 2 }],
  ['Rényi ∞', kl.renyiDivergence(Infinity), { additive: true }, { jointlyConvex: false, pinsker: 2 }],
  ['Le Cam', lecam, { symmetric: true }, { bound: 2 }],
]

describe.each(table)('%s', (name, divergence, claims, structure) => {
  const of = (p: readonly number[], q: readonly number[]): number =>
    divergence(kl.fromProbabilities(p), kl.fromProbabilities(q))
  it.each([...divergenceLaws(name, of, claims), ...divergenceStructureLaws(name, of, structure)])(
    '$name',
    ({ property }) => fc.assert(property, { numRuns: 300 }),
  )
})

describe('the structure laws', () => {
  const violated = (divergence: Divergence, claims: DivergenceStructureClaims): string[] =>
    divergenceStructureLaws('D', (p, q) => divergence(kl.fromProbabilities(p), kl.fromProbabilities(q)), claims)
      .filter(({ property }) => fc.check(property, { numRuns: 2000, seed: 1 }).failed)
      .map(({ name }) => name)

  it('catch what a divergence claims wrongly', () => {
    const squaredDistance: Divergence = (p, q) =>
      p.probabilities.reduce((sum, x, i) => sum + (x - q.probabilities[i]!) ** 2, 0)
    expect(violated(squaredDistance, {})).toEqual(['D never grows through a channel'])
    expect(violated(kl.renyiDivergence(2), { jointlyConvex: true })).toEqual(['D is jointly convex'])
    const wrong = { chainRule: true, pinsker: 3, bound: 1 }
    const caught = ['D obeys the chain rule over two tokens', 'D is at least 3 TV²', 'D is at most 1']
    expect(violated(kl.jeffreysDivergence, { ...wrong, pinsker: 5 })).toEqual([
      caught[0],
      'D is at least 5 TV²',
      caught[2],
    ])
    expect(violated(kl.klDivergence, { ...wrong, chainRule: false })).toEqual(caught.slice(1))
  })
})
