import { describe, expect, it } from 'vitest'
import { passAtK, passAtKObjective } from '@posttrain/estimators'
import { expectClose, withRewards } from '../outcomes.js'

describe('passAtKObjective', () => {
  it('gives a correct sample k/n and a wrong one (k/n)·pass@(k−1) of the others, without a baseline (PKPO, Eq. 8)', () => {
    for (const [n, c, k] of [
      [5, 2, 3],
      [8, 1, 4],
      [16, 9, 2],
    ] as const) {
      const rewards = Array.from({ length: n }, (_, i) => (i < c ? 1 : 0))
      const wrong = (k / n) * passAtK(n - 1, c, k - 1)
      const expected = rewards.map((reward) => (reward === 1 ? k / n : wrong))
      expectClose(passAtKObjective({ k, baseline: 'none' }).advantages(withRewards(...rewards)), expected, 1e-14)
    }
  })

  it('is named by its k and says how many samples it needs', () => {
    expect(passAtKObjective({ k: 8 })).toMatchObject({ name: 'pass@8', k: 8, minimumSamples: 8 })
    expect(passAtKObjective({ k: 8, baseline: 'leave-one-out' }).minimumSamples).toBe(9)
    expect(passAtKObjective({ k: 1 }).minimumSamples).toBe(2)
  })

  it('refuses rewards other than 0 and 1, and too few samples', () => {
    const objective = passAtKObjective({ k: 2 })
    expect(() => objective.estimate(withRewards(0, 0.5))).toThrow(
      'pass@2 needs rewards of 0 or 1, but rewards[1] is 0.5',
    )
    expect(() => objective.advantages(withRewards(0, 0.5))).toThrow('rewards[1] is 0.5')
    expect(() => objective.estimate(withRewards(1))).toThrow(
      'pass@2 needs at least 2 samples per task, but there are 1',
    )
    expect(() => passAtKObjective({ k: 0 })).toThrow('k must be an integer of at least 1, but is 0')
  })
})
