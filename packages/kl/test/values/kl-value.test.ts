import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bestControlCoefficient,
  clamped,
  controlVariate,
  fromProbabilities,
  k1,
  k2,
  k3,
  klDivergence,
  klValues,
  valueMoments,
} from '@posttrain/kl'
import { fullDistributions } from '../arbitrary-distributions.js'

const pair = (p: number[], q: number[]) => [fromProbabilities(p), fromProbabilities(q)] as const
const rows = {
  1: pair([0.4, 0.3, 0.2, 0.1], [0.1, 0.2, 0.3, 0.4]),
  2: pair([0.5, 0.3, 0.2], [0.2, 0.3, 0.5]),
  3: pair([0.6, 0.3, 0.1], [0.3, 0.3, 0.4]),
}
const moments = (value: 'k1' | 'k2' | 'k3', row: 1 | 2 | 3) => valueMoments(klValues[value], ...rows[row])

describe('k1, k2 and k3', () => {
  it('have the printed means and standard deviations', () => {
    expect(klDivergence(...rows[1])).toBeCloseTo(0.456435, 6)
    expect(klDivergence(...rows[2])).toBeCloseTo(0.274887, 6)
    expect(klDivergence(...rows[3])).toBeCloseTo(0.277259, 6)
    expect(klDivergence(rows[3][1], rows[3][0])).toBeCloseTo(0.346574, 6)
    const standardDeviations = ([1, 2] as const).flatMap((row) =>
      (['k1', 'k2', 'k3'] as const).map((value) => Math.sqrt(moments(value, row).variance)),
    )
    const printed = [0.91366, 0.439353, 0.466228, 0.715646, 0.192374, 0.206398]
    standardDeviations.forEach((sd, i) => expect(sd).toBeCloseTo(printed[i]!, 6))
    expect(moments('k2', 1).mean).toBeCloseTo(0.521554, 6)
    expect(moments('k2', 2).mean).toBeCloseTo(0.293856, 6)
    // .2402265: the printed digits are cut, not rounded
    expect(Math.abs(moments('k2', 3).mean - 0.240226)).toBeLessThan(1e-6)
  })

  it('are unbiased or biased as they say', () => {
    fc.assert(
      fc.property(fullDistributions(4), fullDistributions(4), (p, q) => {
        const kl = klDivergence(p, q)
        for (const value of [...Object.values(klValues), controlVariate(0.3), controlVariate(-2)]) {
          const { bias } = valueMoments(value, p, q)
          // logits in ±3 keep every value below 500, so that rounding stays below 1e-12
          if (value.unbiased) expect(Math.abs(bias)).toBeLessThan(1e-12)
          else if (value.name === 'abs') expect(bias).toBeGreaterThanOrEqual(-1e-12)
          if (value.nonNegative)
            p.logprobs.forEach((l, i) => expect(value.of(l - q.logprobs[i]!)).toBeGreaterThanOrEqual(0))
        }
        if (kl > 0.1) expect(Math.abs(valueMoments(klValues.k2, p, q).bias)).toBeGreaterThan(0)
      }),
    )
  })

  it('k3 misses what the reference gives to impossible outcomes, as its docstring says', () => {
    const { bias } = valueMoments(klValues.k3, ...pair([0.5, 0.5, 0], [0.25, 0.25, 0.5]))
    expect(bias).toBeCloseTo(-0.5, 14)
  })

  it('have the slopes of central differences', () => {
    const values = [...Object.values(klValues), controlVariate(0.7), clamped(klValues.k3, { logRatio: 2, value: 3 })]
    fc.assert(
      fc.property(fc.constantFrom(...values), fc.double({ min: -3, max: 3, noNaN: true }), (value, l) => {
        // not at a kink: 0 for abs, ±2 and k3(l) = 3 for the clamp
        fc.pre([0, 2, -2, -1.5052].every((kink) => Math.abs(l - kink) > 1e-2))
        const difference = (value.of(l + 1e-5) - value.of(l - 1e-5)) / 2e-5
        expect(Math.abs(value.slope(l) - difference)).toBeLessThan(1e-7)
      }),
    )
  })

  it('are functions of two log-probs', () => {
    expect(k1(-1, -1.5)).toBe(0.5)
    expect(k2(-1, -1.5)).toBe(0.125)
    expect(k3(-1, -1.5)).toBeCloseTo(Math.exp(-0.5) - 0.5, 15)
  })
})

describe('clamped', () => {
  it('cuts the log-ratio first and the value then, and has no slope beyond', () => {
    const verl = clamped(klValues.k3, { logRatio: 20, value: 10 })
    expect(verl.of(0.5)).toBe(klValues.k3.of(0.5))
    expect(verl.of(-15)).toBe(10)
    expect(verl.of(30)).toBe(10)
    expect([verl.slope(-15), verl.slope(30)]).toEqual([0, 0])
    expect(verl.unbiased).toBe(false)
    expect(verl.expectation).toContain('biased by the clamp at log-ratio ±20 and value ±10')
    expect(() => clamped(klValues.k1, { value: 0 })).toThrow('clamp.value must be above 0, but is 0')
  })
})

describe('controlVariate', () => {
  it('is k1 at 0 and k3 at 1', () => {
    for (const l of [-2, -0.1, 0, 0.3, 4]) {
      expect(controlVariate(0).of(l)).toBe(l)
      expect(controlVariate(1).of(l)).toBe(klValues.k3.of(l))
      expect(controlVariate(1).slope(l)).toBeCloseTo(klValues.k3.slope(l), 15)
    }
    expect(() => controlVariate(NaN)).toThrow('alpha must be a finite number')
  })

  it('has least variance at the best coefficient', () => {
    fc.assert(
      fc.property(
        fullDistributions(4),
        fullDistributions(4),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (p, q, alpha) => {
          const best = valueMoments(controlVariate(bestControlCoefficient(p, q)), p, q).variance
          const other = valueMoments(controlVariate(alpha), p, q).variance
          expect(best).toBeLessThanOrEqual(other * (1 + 1e-9) + 1e-12)
        },
      ),
    )
  })
})
