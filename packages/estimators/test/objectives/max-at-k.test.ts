import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxAtK, maxAtKObjective, meanObjective } from '@posttrain/estimators'
import type { Baseline } from '@posttrain/estimators'
import { rewardVector } from '@posttrain/laws'
import { expectClose, withRewards } from '../outcomes.js'

const advantages = (rewards: readonly number[], k: number, baseline: Baseline): readonly number[] =>
  maxAtKObjective({ k, baseline }).advantages(withRewards(...rewards))

/** sᵢ by its definition: the mean over all k-subsets, of the maximum where i is in. */
function creditBySubsets(rewards: readonly number[], k: number): number[] {
  const credit = rewards.map(() => 0)
  let subsets = 0
  const visit = (from: number, chosen: number[]): void => {
    if (chosen.length === k) {
      subsets++
      const best = Math.max(...chosen.map((i) => rewards[i]!))
      for (const i of chosen) credit[i]! += best
      return
    }
    for (let i = from; i < rewards.length; i++) visit(i + 1, [...chosen, i])
  }
  visit(0, [])
  return credit.map((value) => value / subsets)
}

/** The table of PKPO: rewards, k, and the advantages under each baseline. */
const table: readonly [number[], number, number[], number[] | undefined, number[]][] = [
  [[1, 0, 3, 2], 2, [1, 1, 1.5, 7 / 6], [-7 / 9, -7 / 9, 7 / 18, -7 / 18], [1 / 6, 0, 1, 0.5]],
  [[1, 0, 0, 1, 0], 3, [0.6, 0.5, 0.5, 0.6, 0.5], [0.0375, -0.25, -0.25, 0.0375, -0.25], [0.3, 0, 0, 0.3, 0]],
  [[0.2, 0.9, 0.5], 3, [0.9, 0.9, 0.9], undefined, [0, 0.4, 0]],
  [[1, 1, 0], 2, [2 / 3, 2 / 3, 2 / 3], [-1 / 3, -1 / 3, -1 / 3], [1 / 3, 1 / 3, 0]],
  [[-1, 2, 2, -3], 3, [1.5, 1.5, 1.5, 1.5], [-0.5, -0.5, -0.5, -0.5], [0, 0.75, 0.75, 0]],
]

describe('maxAtKObjective', () => {
  it.each(table)('%j, k = %d', (rewards, k, credit, leaveOneOut, minusOne) => {
    expectClose(advantages(rewards, k, 'none'), credit, 1e-14)
    expectClose(advantages(rewards, k, 'leave-one-out-minus-one'), minusOne, 1e-14)
    if (leaveOneOut) expectClose(advantages(rewards, k, 'leave-one-out'), leaveOneOut, 1e-14)
    else expect(() => advantages(rewards, k, 'leave-one-out')).toThrow(`max@${k} needs at least ${k + 1} samples`)
  })

  it('has zero-sum leave-two-out advantages', () => {
    expectClose(advantages([1, 0, 3, 2], 2, 'leave-two-out'), [-1 / 3, -1 / 3, 2 / 3, 0], 1e-14)
    fc.assert(
      fc.property(rewardVector({ minLength: 4 }), (rewards) => {
        const sum = advantages(rewards, 3, 'leave-two-out').reduce((a, b) => a + b, 0)
        expect(sum).toBeCloseTo(0, 10)
      }),
      { seed: 1 },
    )
  })

  it('gives the credit of the definition, which adds up to k times max@k', () => {
    fc.assert(
      fc.property(rewardVector({ maxLength: 7 }), fc.nat(), (rewards, seed) => {
        const k = 1 + (seed % rewards.length)
        const credit = advantages(rewards, k, 'none')
        expectClose(credit, creditBySubsets(rewards, k), 1e-12)
        expect(credit.reduce((a, b) => a + b, 0)).toBeCloseTo(k * maxAtK(rewards, k), 10)
      }),
      { seed: 1 },
    )
  })

  it('with n = k is best minus second best for the best alone (Tang et al.)', () => {
    fc.assert(
      fc.property(rewardVector({ minLength: 2 }), (rewards) => {
        const [first, second] = [...rewards].sort((a, b) => b - a) as [number, number]
        const expected = rewards.map((reward) => (reward === first ? first - second : 0))
        expectClose(advantages(rewards, rewards.length, 'leave-one-out-minus-one'), expected, 1e-12)
      }),
      { seed: 1 },
    )
  })

  it('with k = 1 is RLOO under every baseline but none', () => {
    const rewards = [3, -1, 0.5, 0.5]
    const rloo = meanObjective().advantages(withRewards(...rewards))
    for (const baseline of ['leave-one-out', 'leave-one-out-minus-one', 'leave-two-out'] as const) {
      expectClose(advantages(rewards, 1, baseline), rloo, 1e-14)
    }
    expectClose(
      advantages(rewards, 1, 'none'),
      rewards.map((reward) => reward / 4),
      1e-14,
    )
    expect(maxAtKObjective({ k: 1 }).minimumSamples).toBe(2)
    expect(maxAtKObjective({ k: 1, baseline: 'none' }).minimumSamples).toBe(1)
  })

  it('is exactly zero where rewards agree, also at awkward values', () => {
    const group = new Array<number>(7).fill(0.1)
    for (const k of [1, 3, 6]) {
      for (const baseline of ['leave-one-out-minus-one', 'leave-two-out'] as const) {
        expect(advantages(group, k, baseline).every((advantage) => advantage === 0)).toBe(true)
      }
    }
  })

  it('is estimated from k samples, also where the baseline needs one more', () => {
    const objective = maxAtKObjective({ k: 3, baseline: 'leave-one-out' })
    expect(objective).toMatchObject({ k: 3, minimumSamples: 4 })
    expect(objective.estimate(withRewards(0.2, 0.9, 0.5))).toBeCloseTo(0.9, 14)
    expect(() => objective.estimate(withRewards(0.2, 0.9))).toThrow('max@3 needs at least 3 samples')
    expect(maxAtKObjective({ k: 1 }).estimate(withRewards(0.7))).toBe(0.7)
  })

  it('does not move under a shift of the rewards', () => {
    fc.assert(
      fc.property(rewardVector({ minLength: 4 }), (rewards) => {
        for (const baseline of ['leave-one-out-minus-one', 'leave-two-out'] as const) {
          const shifted = rewards.map((reward) => reward + 1000)
          expectClose(advantages(shifted, 3, baseline), advantages(rewards, 3, baseline), 1e-9)
        }
      }),
      { seed: 1 },
    )
  })

  it('handles thousands of samples', () => {
    const rewards = Array.from({ length: 5000 }, (_, i) => ((i * 7919) % 5003) / 5003)
    const credit = advantages(rewards, 2500, 'none').reduce((a, b) => a + b, 0)
    expect(credit / (2500 * maxAtK(rewards, 2500))).toBeCloseTo(1, 12)
  })
})
