import { describe, expect, it } from 'vitest'
import { escapeTime, gradientFlow, regimeOf } from '@posttrain/recipes'
import { CASES } from './cases.js'

describe('escapeTime', () => {
  it.each(CASES)('is what another solver finds from $shares for $rewards', ({ times, ...training }) => {
    const found = [0.9, 0.99, 0.999].map((share) => escapeTime(training, { pattern: 0, share })!)
    expect(found.map((time, i) => time.toFixed(times[i]!.split('.')[1]!.length))).toEqual(times)
    found.forEach((time, i) => expect(gradientFlow(training, [time])[0]![0]).toBeCloseTo([0.9, 0.99, 0.999][i]!, 8))
  })

  it('is O(1/ε) to 1 − ε: times ε it tends to a constant', () => {
    // Near the vertex dε/dt = −Δ·(ε² + Σ ε_r²) ≥ −2Δ·ε² with Δ the smaller difference of rewards.
    const training = { shares: [0.5, 0.3, 0.2], rewards: [0.9, 0.4, 0.3] }
    const scaled = [1e-3, 1e-4, 1e-5].map(
      (rest) => rest * escapeTime(training, { pattern: 0, share: 1 - rest, until: 1e9 })!,
    )
    expect(Math.abs(scaled[2]! / scaled[1]! - 1)).toBeLessThan(0.01)
    expect(Math.abs(scaled[2]! / scaled[1]! - 1)).toBeLessThan(Math.abs(scaled[1]! / scaled[0]! - 1))
  })

  it('grows faster than γ, and falls when the best pattern is taught first', () => {
    const times = [0.05, 0.02, 0.01].map((share) => {
      const shares = [share, 0.75 - share, 0.25]
      const regime = regimeOf(shares, [0.9, 0.6, 0.1])
      const gamma = regime.kind === 'slow' ? regime.gamma : NaN
      return { gamma, time: escapeTime({ shares, rewards: [0.9, 0.6, 0.1] }, { pattern: 0 })! }
    })
    expect(times.map(({ gamma }) => Math.round(gamma * 10) / 10)).toEqual([6, 13.5, 26])
    const perGamma = times.map(({ gamma, time }) => time / gamma)
    expect(perGamma[1]! / perGamma[0]!).toBeGreaterThan(1.8)
    expect(perGamma[2]! / perGamma[1]!).toBeGreaterThan(1.8)
    const taught = escapeTime({ shares: [0.4, 0.45, 0.15], rewards: [0.9, 0.6, 0.1] }, { pattern: 0 })!
    expect(taught).toBeLessThan(times[0]!.time / 3)
  })

  it('is 0 for what is there, and undefined for what does not come in time', () => {
    const training = { shares: [0.95, 0.05], rewards: [0, 1] }
    expect(escapeTime(training, { pattern: 0 })).toBe(0)
    expect(escapeTime(training, { pattern: 1, until: 1 })).toBeUndefined()
    expect(escapeTime({ ...training, beta: 100 }, { pattern: 1 })).toBeUndefined()
    expect(escapeTime({ shares: [0, 1], rewards: [1, 0] }, { pattern: 0 })).toBeUndefined()
    expect(escapeTime({ shares: [0.5, 0.5], rewards: [1, 1] }, { pattern: 0 })).toBeUndefined()
  })

  it('refuses patterns and shares that there are not', () => {
    const training = { shares: [0.95, 0.05], rewards: [0, 1] }
    expect(() => escapeTime(training, { pattern: 2 })).toThrow('pattern')
    expect(() => escapeTime(training, { pattern: 0, share: 1 })).toThrow('share')
    expect(() => escapeTime(training, { pattern: 0, until: NaN })).toThrow('until')
  })
})
