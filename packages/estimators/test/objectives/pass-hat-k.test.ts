import { describe, expect, it } from 'vitest'
import { binaryOutcome, worstValue } from '@posttrain/laws'
import { passHatKObjective } from '@posttrain/estimators'
import type { Baseline } from '@posttrain/estimators'
import { expectClose, withRewards } from '../outcomes.js'
import { expectExact } from './expect-exact.js'

const baselines: readonly Baseline[] = ['none', 'leave-one-out', 'leave-one-out-minus-one', 'leave-two-out']

describe('passHatKObjective', () => {
  it.each([1, 2, 3].flatMap((k) => baselines.map((baseline) => ({ k, baseline }))))(
    'is exact for k = $k with baseline $baseline, in value and in gradient',
    ({ k, baseline }) => {
      expectExact(passHatKObjective({ k, baseline }), worstValue, binaryOutcome())
    },
  )

  it('blames the only wrong sample, and knows no other signal for n = k', () => {
    const three = passHatKObjective({ k: 3 })
    expectClose(three.advantages(withRewards(1, 0, 1)), [0, -1, 0], 1e-15)
    expect(three.advantages(withRewards(1, 0, 0))).toEqual([0, 0, 0])
    expect(three.advantages(withRewards(1, 1, 1))).toEqual([0, 0, 0])
    expect(three.advantages(withRewards(0, 0, 0))).toEqual([0, 0, 0])
  })

  it('leaves right samples alone: what they add to companions is nothing, and the wrong one takes all', () => {
    // n = 4, k = 2: with one other of three, two of which are right. Aᵢ = (k/n)·(P(both right) − P(the other right)).
    expectClose(passHatKObjective({ k: 2 }).advantages(withRewards(1, 1, 1, 0)), [0, 0, 0, -0.5], 1e-15)
    expect(passHatKObjective({ k: 2 }).estimate(withRewards(1, 1, 1, 0))).toBeCloseTo(0.5, 15)
  })

  it('is named by k, needs k samples, and refuses rewards other than 0 and 1', () => {
    expect(passHatKObjective({ k: 4 })).toMatchObject({ name: 'pass^4', k: 4, minimumSamples: 4 })
    expect(passHatKObjective({ k: 1 }).estimate(withRewards(1))).toBe(1)
    expect(() => passHatKObjective({ k: 2 }).estimate(withRewards(1))).toThrow('pass^2 needs at least 2 samples')
    expect(() => passHatKObjective({ k: 2 }).estimate(withRewards(1, 0.5))).toThrow(
      'pass^2 needs rewards of 0 or 1, but rewards[1] is 0.5',
    )
  })
})
