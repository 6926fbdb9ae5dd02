import { describe, expect, it } from 'vitest'
import { gradientFlow } from '@posttrain/recipes'
import { solvablePolicy } from '../../src/pattern-selection/solvable-policy.js'

const FAST = { shares: [0.5, 0.3, 0.2], rewards: [0.9, 0.4, 0.3] }

describe('solvablePolicy', () => {
  it('predicts by the flow and observes by training, the same each time', async () => {
    const training = { ...FAST, rate: 0.25, steps: 40, prompts: 20, samples: 64, seed: 5 }
    const found = await solvablePolicy(training)
    const [predicted] = gradientFlow(FAST, [10])
    expect(found.map((one) => one.predicted)).toEqual([...predicted!])
    expect(found.map(({ start, reward }) => [start, reward])).toEqual(FAST.shares.map((s, i) => [s, FAST.rewards[i]]))
    expect(found.reduce((sum, { observed }) => sum + observed, 0)).toBeCloseTo(1, 12)
    for (const { observed, interval, predicted: share } of found) {
      expect(interval.level).toBe(0.99)
      expect(interval.lower).toBeLessThan(observed)
      expect(Math.abs(observed - share)).toBeLessThan(0.02) // twenty prompts: a standard error of 0.004
    }
    expect(await solvablePolicy(training)).toEqual(found)
  })

  it('stays where every pattern is worth the same', async () => {
    const found = await solvablePolicy({ shares: [0.6, 0.4], rewards: [1, 1], rate: 0.25, steps: 20, prompts: 4 })
    for (const { observed, start } of found) expect(observed).toBeCloseTo(start, 12)
  })

  it('refuses what are no shares', async () => {
    await expect(solvablePolicy({ shares: [0.5, 0.6], rewards: [1, 0], rate: 1, steps: 1 })).rejects.toThrow('shares')
  })
})
