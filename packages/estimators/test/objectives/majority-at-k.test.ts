import { describe, expect, it } from 'vitest'
import { majorityObjective, meanObjective } from '@posttrain/estimators'
import { expectClose, votes, withRewards } from '../outcomes.js'

describe('majorityObjective', () => {
  it.each([
    ['AAB', 1, [0.5, 0.5, 0]],
    ['AABB', 0.5, [0.5, 0.5, -0.5, -0.5]],
    ['AABBA', 1, [0.5, 0.5, 0, 0, 0.5]],
    ['AB', 0.5, [0.5, -0.5]],
    ['ABC', 1 / 3, [1 / 3, -1 / 6, -1 / 6]],
  ])('%s with n = k is worth %d, with advantages %j', (letters, value, expected) => {
    const objective = majorityObjective({ k: letters.length })
    expect(objective.estimate(votes(letters))).toBeCloseTo(value, 14)
    expectClose(objective.advantages(votes(letters)), expected, 1e-14)
  })

  it('gives a sample that abstains no advantage', () => {
    expectClose(majorityObjective({ k: 3 }).advantages(votes('AB-')), [0.5, -0.5, 0], 1e-14)
  })

  it('is exactly zero where every vote is worth the same, whatever the answers', () => {
    const right = ['x', 'y', 'z', 'x'].map((answer) => ({ kind: 'scored' as const, reward: 0.1, answer }))
    for (const k of [1, 2, 3]) {
      for (const ties of ['share', 'first'] as const) {
        expect(majorityObjective({ k, ties }).advantages(right)).toEqual([0, 0, 0, 0])
      }
    }
    expect(majorityObjective({ k: 2 }).advantages(votes('BCBD'))).toEqual([0, 0, 0, 0])
  })

  it('does reward accord where a tie scores nothing', () => {
    const right = ['x', 'x', 'y'].map((answer) => ({ kind: 'scored' as const, reward: 1, answer }))
    const [first, second, third] = majorityObjective({ k: 2, ties: 'strict' }).advantages(right) as [
      number,
      number,
      number,
    ]
    expect(first).toBe(second)
    expect(third).toBeLessThan(first)
  })

  it('with k = 1 is RLOO on the rewards', () => {
    const rewards = [1, 0, 0, 1]
    const outcomes = rewards.map((reward) => ({ kind: 'scored' as const, reward, answer: String(reward) }))
    const rloo = meanObjective().advantages(withRewards(...rewards))
    expectClose(majorityObjective({ k: 1 }).advantages(outcomes), rloo, 1e-14)
  })

  it('sends its signal where the vote is close', () => {
    const size = (letters: string): number =>
      Math.max(...majorityObjective({ k: 5 }).advantages(votes(letters)).map(Math.abs))
    expect(size('AAAABBBB')).toBeGreaterThan(10 * size('AAAAAAAB'))
  })

  it('is named by its k', () => {
    expect(majorityObjective({ k: 8 })).toMatchObject({ name: 'maj@8', k: 8, minimumSamples: 8 })
    expect(() => majorityObjective({ k: 3 }).advantages(votes('AB'))).toThrow('maj@3 needs at least 3 samples')
  })
})
