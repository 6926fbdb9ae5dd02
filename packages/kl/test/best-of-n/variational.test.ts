import { describe, expect, it } from 'vitest'
import { bestOfNDistribution, fromLogits, fromProbabilities, klDivergence, smoothedLogCdf } from '@posttrain/kl'

describe('variational best-of-n, from these parts', () => {
  const reference = fromProbabilities([0.4, 0.3, 0.2, 0.1])
  const rewards = [0, 1, 2, 3]
  const bestOf4 = fromProbabilities(bestOfNDistribution(reference, rewards, 4))

  it('has the printed objective −KL(π‖best-of-4) and lower bound (n − 1)·E[log F] − KL(π‖ref)', () => {
    const full = fromLogits([0.1, 0, -0.2, 0.3])
    expect(-klDivergence(full, bestOf4)).toBeCloseTo(-0.442964, 6)
    const policy = fromLogits([-Infinity, 0, -0.2, 0.3]) // where F > 0
    const J = -klDivergence(policy, bestOf4)
    expect(J).toBeCloseTo(-0.090038, 6)
    const below = [0, 0.4, 0.7, 0.9] // F, the reference's probability of a lower reward
    const logF = policy.probabilities.reduce((sum, p, i) => (p === 0 ? sum : sum + p * Math.log(below[i]!)), 0)
    const bound = 3 * logF - klDivergence(policy, reference)
    expect(bound).toBeCloseTo(-1.978279, 6)
    expect(bound + Math.log(4)).toBeCloseTo(-0.591984, 6)
    expect(J).toBeGreaterThan(bound + Math.log(4))
  })
})

describe('smoothedLogCdf', () => {
  it('has the printed values', () => {
    const logF = smoothedLogCdf([2, -1, 0.5, 0])
    ;[-1.609438, -0.916291, -0.510826, 0].forEach((value, i) =>
      expect(logF([-2, 0, 0.25, 3][i]!)).toBeCloseTo(value, 6),
    )
    expect(logF(2)).toBeCloseTo(Math.log(4 / 5), 15) // strictly below
    expect(() => smoothedLogCdf([])).toThrow('at least one entry')
    expect(() => logF(NaN)).toThrow('reward must be a finite number')
  })

  it('has the printed bias and spread, by the exact binomial', () => {
    const printed: readonly [number, number, number, number][] = [
      [10, 0.1, 0.4865, 0.475],
      [50, 0.1, 0.0925, 0.394],
      [100, 0.1, 0.0455, 0.291],
      [250, 0.1, 0.0181, 0.188],
      [300, 0.1, 0.015, 0.172],
      [10, 0.5, 0.0479, 0.292],
      [50, 0.5, 0.0099, 0.139],
      [100, 0.5, 0.005, 0.099],
      [250, 0.5, 0.002, 0.063],
      [300, 0.5, 0.0017, 0.058],
    ]
    for (const [M, F, bias, sd] of printed) {
      let probability = (1 - F) ** M
      let [mean, square] = [0, 0]
      for (let lower = 0; lower <= M; lower++) {
        const rewards = Array.from({ length: M }, (_, i) => (i < lower ? -1 : 1))
        const logF = smoothedLogCdf(rewards)(0)
        mean += probability * logF
        square += probability * logF * logF
        probability *= ((M - lower) / (lower + 1)) * (F / (1 - F))
      }
      expect(mean - Math.log(F)).toBeCloseTo(bias, 4)
      expect(Math.abs(Math.sqrt(square - mean * mean) - sd)).toBeLessThan(1e-3) // printed to three digits
    }
  })
})
