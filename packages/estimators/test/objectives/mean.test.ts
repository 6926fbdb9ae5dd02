import { describe, expect, it } from 'vitest'
import { meanObjective } from '@posttrain/estimators'
import { expectClose, withRewards } from '../outcomes.js'

describe('meanObjective', () => {
  const objective = meanObjective()

  it('has RLOO advantages: each reward against the mean of the others, over n', () => {
    expect(objective.estimate(withRewards(1, 0, 0, 1))).toBe(0.5)
    expectClose(objective.advantages(withRewards(1, 0, 0, 1)), [1 / 6, -1 / 6, -1 / 6, 1 / 6], 1e-15)
    expectClose(objective.advantages(withRewards(3, 0)), [1.5, -1.5], 1e-15)
  })

  it('is exactly zero where rewards agree although their sum rounds', () => {
    expect(objective.advantages(withRewards(0.1, 0.1, 0.1))).toEqual([0, 0, 0])
    expect(objective.estimate(withRewards(0.1, 0.1, 0.1))).toBe(0.1)
  })

  it('is estimated from one sample, and has advantages from two on', () => {
    expect(objective).toMatchObject({ name: 'mean', k: 1, minimumSamples: 2 })
    expect(objective.estimate(withRewards(0.3))).toBe(0.3)
    expect(() => objective.estimate([])).toThrow('mean needs at least 1 samples per task, but there are 0')
    expect(() => objective.advantages(withRewards(1))).toThrow(
      'mean needs at least 2 samples per task, but there are 1',
    )
    expect(() => objective.estimate(withRewards(1, Infinity))).toThrow(
      'rewards[1] must be a finite number, but is Infinity',
    )
  })
})
