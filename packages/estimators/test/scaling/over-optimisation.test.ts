import { describe, expect, it } from 'vitest'
import { bestOfNCurve, fitOverOptimisation, overOptimisationLaw } from '@posttrain/estimators'
import { expectClose } from '../outcomes.js'

/** KL of best-of-n without ties. */
const bestOfNKl = (n: number): number => Math.log(n) - (n - 1) / n

describe('over-optimisation', () => {
  it('gives the tabulated best-of-n curve, which turns over', () => {
    const law = overOptimisationLaw('best-of-n', 1, 0.3)
    const ns = [1, 2, 4, 16, 64, 256]
    expectClose(
      ns.map((n) => law.goldAt(bestOfNKl(n))),
      [0, 0.381541, 0.606792, 0.804128, 0.829363, 0.768133],
      1e-6,
    )
    expect(Math.sqrt(law.peak!.kl)).toBeCloseTo(1.6667, 4)
    expect(law.peak!.kl).toBeCloseTo(2.778, 3)
  })

  it('peaks where tabulated under reinforcement learning, and not at all for β ≤ 0', () => {
    const law = overOptimisationLaw('rl', 1, 0.5)
    expect(Math.sqrt(law.peak!.kl)).toBeCloseTo(2.71828, 5)
    for (const d of [2.6, 2.8]) expect(law.goldAt(d * d)).toBeLessThan(law.peak!.gold)
    expect(overOptimisationLaw('rl', 1, -0.5).peak).toBeUndefined()
  })

  it.each(['best-of-n', 'rl'] as const)('recovers a %s law from its points, the origin left out', (form) => {
    const law = overOptimisationLaw(form, 1.3, 0.4)
    const fitted = fitOverOptimisation(
      form,
      [0, 0.5, 1, 4, 9].map((kl) => ({ kl, gold: law.goldAt(kl) })),
    )
    expectClose([fitted.alpha, fitted.beta], [1.3, 0.4], 1e-12)
  })

  it('needs two strengths of optimisation', () => {
    expect(() =>
      fitOverOptimisation('rl', [
        { kl: 0, gold: 0 },
        { kl: 1, gold: 1 },
      ]),
    ).toThrow('two different KL above 0')
  })
})

describe('bestOfNCurve', () => {
  it('shows the proxy rise while gold turns over', () => {
    // The three highest proxies are a trap.
    const proxy = [1, 2, 3, 4, 5, 6, 7, 8]
    const gold = [0, 1, 2, 3, 4, -5, -5, -5]
    const curve = bestOfNCurve([{ proxy, gold }], [1, 2, 8])
    expect(curve.map(({ kl }) => kl)).toEqual([0, bestOfNKl(2), bestOfNKl(8)])
    expect(curve[2]).toMatchObject({ proxy: 8, gold: -5 })
    expect(curve[1]!.proxy).toBeGreaterThan(curve[0]!.proxy)
  })
})
