import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as kl from '@posttrain/kl'
import { fromLogits, fromProbabilities } from '@posttrain/kl'
import { distributions, fullDistributions, logit } from '../arbitrary-distributions.js'

const pairs = fc.tuple(fullDistributions(4), fullDistributions(4))

/** The tolerance of two double computations of one quantity, relative to its size. */
const close = (actual: number, expected: number, relative = 1e-9): void =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(relative * Math.abs(expected) + 1e-15)

describe('limits and reductions of divergences', () => {
  it('α-divergence: KL at 1 and 0, half of χ² at 2, four times squared Hellinger at ½, and continuous there', () => {
    fc.assert(
      fc.property(pairs, ([p, q]) => {
        expect(kl.alphaDivergence(1)(p, q)).toBe(kl.klDivergence(p, q))
        expect(kl.alphaDivergence(0)(p, q)).toBe(kl.klDivergence(q, p))
        // The derivative in α is bounded by the third moment of the log-ratio, below 1e3 for logits in ±3.
        close(kl.alphaDivergence(1 - 1e-9)(p, q), kl.klDivergence(p, q), 1e-6)
        close(kl.alphaDivergence(1e-9)(p, q), kl.klDivergence(q, p), 1e-6)
        close(kl.alphaDivergence(2)(p, q), kl.chiSquaredDivergence(p, q) / 2)
        close(kl.alphaDivergence(0.5)(p, q), 4 * kl.squaredHellinger(p, q))
      }),
    )
  })

  it('Rényi: grows with its order, from −log q(support) over KL to the largest log-ratio', () => {
    fc.assert(
      fc.property(fc.tuple(distributions(4), distributions(4)), ([p, q]) => {
        const values = [0, 0.25, 0.5, 1, 2, 5, Infinity].map((alpha) => kl.renyiDivergence(alpha)(p, q))
        for (let i = 1; i < values.length; i++)
          expect(values[i]!).toBeGreaterThanOrEqual(values[i - 1]! * (1 - 1e-9) - 1e-15)
      }),
    )
    const [p, q] = [fromProbabilities([0.5, 0.5, 0]), fromProbabilities([0.25, 0.25, 0.5])]
    expect(kl.renyiDivergence(0)(p, q)).toBeCloseTo(Math.LN2, 15)
    expect(() => kl.renyiDivergence(-1)).toThrow('alpha must be at least 0, but is -1')
  })

  it('f-divergences with the known generators are the named ones', () => {
    const generators = {
      kl: kl.fDivergence({ f: (t) => (t === 0 ? 0 : t * Math.log(t)), slopeAtInfinity: Infinity }),
      reversed: kl.fDivergence({ f: (t) => -Math.log(t), slopeAtInfinity: 0 }),
      variation: kl.fDivergence({ f: (t) => Math.abs(t - 1) / 2, slopeAtInfinity: 0.5 }),
      chiSquared: kl.fDivergence({ f: (t) => (t - 1) ** 2, slopeAtInfinity: Infinity }),
      hellinger: kl.fDivergence({ f: (t) => (Math.sqrt(t) - 1) ** 2 / 2, slopeAtInfinity: 0.5 }),
    }
    fc.assert(
      fc.property(fc.tuple(distributions(4), distributions(4)), ([p, q]) => {
        // A generator sees a ratio, so q·f cancels down to 1e-16 near p = q.
        const agree = (actual: number, expected: number): void => {
          if (expected === Infinity) expect(actual).toBe(Infinity)
          else expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-12 * (1 + expected))
        }
        agree(generators.kl(p, q), kl.klDivergence(p, q))
        agree(generators.reversed(p, q), kl.klDivergence(q, p))
        agree(generators.variation(p, q), kl.totalVariation(p, q))
        agree(generators.chiSquared(p, q), kl.chiSquaredDivergence(p, q))
        agree(generators.hellinger(p, q), kl.squaredHellinger(p, q))
      }),
    )
    expect(() => kl.fDivergence({ f: (t) => t, slopeAtInfinity: 1 })).toThrow('f(1) = 0, but f(1) is 1')
    expect(() => kl.fDivergence({ f: (t) => 1 - t * t, slopeAtInfinity: 0 })).toThrow('must be convex')
  })

  it('are stable for logits of ±10⁴ and infinite where they should be', () => {
    const [up, down] = [fromLogits([1e4, -1e4]), fromLogits([-1e4, 1e4])]
    expect(kl.klDivergence(up, down)).toBe(2e4)
    expect(kl.jeffreysDivergence(up, down)).toBe(4e4)
    expect(kl.renyiDivergence(0.5)(up, down)).toBeCloseTo(2e4 - 2 * Math.LN2, 9)
    expect(kl.jensenShannonDivergence(up, down)).toBeCloseTo(Math.LN2, 15)
    expect(kl.totalVariation(up, down)).toBe(1)
    expect(kl.squaredHellinger(up, down)).toBe(1)
    expect(kl.chiSquaredDivergence(up, down)).toBe(Infinity) // e^20000
    const [some, all] = [fromProbabilities([1, 0]), fromProbabilities([0.5, 0.5])]
    expect(kl.klDivergence(some, all)).toBeCloseTo(Math.LN2, 15)
    expect(kl.klDivergence(all, some)).toBe(Infinity)
    expect(kl.jeffreysDivergence(some, all)).toBe(Infinity)
    expect(kl.chiSquaredDivergence(all, some)).toBe(Infinity)
    // An outcome of probability e^-20000 is possible: it must be possible under q too.
    expect(kl.klDivergence(fromLogits([0, -2e4]), some)).toBe(Infinity)
    expect(kl.jeffreysDivergence(some, fromLogits([0, -2e4]))).toBe(Infinity)
  })

  it('refuse distributions over different outcomes', () => {
    const [p, q] = [fromProbabilities([1]), fromProbabilities([0.5, 0.5])]
    expect(() => kl.klDivergence(p, q)).toThrow('q must have 1 entries, but has 2')
    expect(() => kl.forwardKlGradient(p, q)).toThrow('q must have 1 entries, but has 2')
  })
})

describe('gradients of the KL', () => {
  it('are those of central differences', () => {
    const logits = fc.array(logit(2), { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(logits, logits, (a, b) => {
        const q = fromLogits(b)
        const differences = (f: (logits: readonly number[]) => number): number[] =>
          a.map(
            (_, i) =>
              (f(a.map((x, j) => x + (i === j ? 1e-5 : 0))) - f(a.map((x, j) => x - (i === j ? 1e-5 : 0)))) / 2e-5,
          )
        const reverse = differences((x) => kl.klDivergence(fromLogits(x), q))
        const forward = differences((x) => kl.klDivergence(q, fromLogits(x)))
        // (1e-5)² times a third derivative below 10, plus rounding of 1e-16/1e-5
        kl.reverseKlGradient(fromLogits(a), q).forEach((g, i) => expect(Math.abs(g - reverse[i]!)).toBeLessThan(1e-8))
        kl.forwardKlGradient(fromLogits(a), q).forEach((g, i) => expect(Math.abs(g - forward[i]!)).toBeLessThan(1e-8))
      }),
    )
  })
})

describe('divergencePerRow', () => {
  it('takes rows in pairs', () => {
    const rows = kl.distributionRows([0.5, 0.5, 0.9, 0.1], 2, fromProbabilities)
    const other = kl.distributionRows([0.5, 0.5, 0.5, 0.5], 2, fromProbabilities)
    expect([...kl.divergencePerRow(kl.totalVariation, rows, other)]).toEqual([0, 0.4])
    expect(() => kl.divergencePerRow(kl.totalVariation, rows, rows.slice(1))).toThrow(
      'q must have 2 entries, but has 1',
    )
  })
})
