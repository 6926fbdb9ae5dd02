import { describe, expect, it } from 'vitest'
import { bonbonLoss, bonbonTarget, ipoLoss, supervisedLoss } from '@posttrain/losses'
import { sequences } from './support/batch.js'

describe('bonbonTarget', () => {
  it('is 1/(2βₙ) of the paper’s βₙ', () => {
    const betas = { 2: 0.5, 4: 0.090909, 8: 0.027548, 16: 0.010046 }
    for (const [n, beta] of Object.entries(betas)) expect(1 / (2 * bonbonTarget(Number(n)))).toBeCloseTo(beta, 6)
  })

  it('is the mean log-ratio gap of best and worst under the best-of-n policy', () => {
    // log π/π_ref of a sample with rank u in (0, 1) is log n + (n − 1) log u; densities n uⁿ⁻¹ of the best, n (1 −
    // u)ⁿ⁻¹ of the worst.
    for (const n of [2, 3, 8]) {
      const steps = 400_000
      let gap = 0
      for (let i = 0; i < steps; i++) {
        const u = (i + 0.5) / steps
        gap += ((n - 1) * Math.log(u) * n * (u ** (n - 1) - (1 - u) ** (n - 1))) / steps
      }
      // The midpoint rule errs by about log 2 / (2·steps) per unit of density at the singularity u = 0.
      expect(Math.abs(gap - bonbonTarget(n))).toBeLessThan((n * n) / steps)
    }
  })

  it('refuses n = 1', () => {
    expect(() => bonbonTarget(1)).toThrow('n must be an integer of at least 2, but is 1')
  })
})

describe('bonbonLoss', () => {
  it('is imitation of the best plus IPO with the target given by n', () => {
    const [scores, constants] = sequences([[-1, -2], [-4]], [[-2, -2.5], [-3]])
    const { value, metrics } = bonbonLoss({ n: 4, alpha: 0.2 }).evaluate(scores, constants)
    const imitation = supervisedLoss().evaluate(scores.slice(0, 1), constants.slice(0, 1)).value
    const gap = ipoLoss({ beta: 1 / 11 }).evaluate(scores, constants).value
    expect(imitation).toBe(3)
    expect(gap).toBeCloseTo((2.5 - 5.5) ** 2, 12)
    expect(value).toBeCloseTo(0.2 * imitation + 0.8 * gap, 12)
    expect(metrics['supervised on the preferred/value']).toBe(3)
  })

  it('refuses a share above 1', () => {
    expect(() => bonbonLoss({ n: 4, alpha: 1.5 })).toThrow('alpha')
  })
})
