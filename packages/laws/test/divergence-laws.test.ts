import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  alphaDivergence,
  chiSquaredDivergence,
  fromProbabilities,
  jeffreysDivergence,
  jensenShannonDivergence,
  klDivergence,
  renyiDivergence,
  squaredHellinger,
  totalVariation,
} from '@posttrain/kl'
import type { Divergence } from '@posttrain/kl'
import { divergenceLaws } from '@posttrain/laws'
import type { DivergenceClaims } from '@posttrain/laws'

/** Every divergence of the repository. A new one joins here and gets the same laws. */
const everyDivergence: readonly [string, Divergence, DivergenceClaims][] = [
  ['KL', klDivergence, { additive: true }],
  ['reverse arguments', (p, q) => klDivergence(q, p), { additive: true }],
  ['Jeffreys', jeffreysDivergence, { symmetric: true, additive: true }],
  ['Jensen–Shannon', jensenShannonDivergence, { symmetric: true }],
  ['total variation', totalVariation, { symmetric: true }],
  ['squared Hellinger', squaredHellinger, { symmetric: true }],
  ['χ²', chiSquaredDivergence, { tolerance: 1e-9 }],
  ['α = 0.5', alphaDivergence(0.5), {}],
  ['Rényi 0.5', renyiDivergence(0.5), { additive: true }],
  ['Rényi 2', renyiDivergence(2), { additive: true }],
]

describe.each(everyDivergence)('%s', (name, divergence, claims) => {
  const ofProbabilities = (p: readonly number[], q: readonly number[]): number =>
    divergence(fromProbabilities(p), fromProbabilities(q))
  it.each(divergenceLaws(name, ofProbabilities, claims))('$name', ({ property }) => fc.assert(property, { seed: 1 }))
})

describe('divergenceLaws', () => {
  it('catch cross-entropy, which is not 0 between equals', () => {
    const crossEntropy = (p: readonly number[], q: readonly number[]): number =>
      -p.reduce((sum, pi, i) => sum + pi * Math.log(q[i]!), 0)
    const [positive] = divergenceLaws('cross-entropy', crossEntropy)
    const { failed, counterexample } = fc.check(positive!.property, { seed: 1 })
    expect(failed).toBe(true)
    expect(counterexample).toEqual([{ p: [0.5, 0.5], q: [0.5, 0.5] }])
  })

  it('catch the squared distance, which merging can increase', () => {
    const squaredDistance = (p: readonly number[], q: readonly number[]): number =>
      p.reduce((sum, pi, i) => sum + (pi - q[i]!) ** 2, 0)
    const failed = divergenceLaws('squared distance', squaredDistance, { symmetric: true }).filter(
      ({ property }) => fc.check(property, { seed: 1 }).failed,
    )
    expect(failed.map(({ name }) => name)).toEqual(['squared distance never grows when outcomes are merged'])
  })
})
