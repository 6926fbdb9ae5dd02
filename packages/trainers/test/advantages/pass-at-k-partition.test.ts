import { bestValue, exactGradient, expectedStep } from '@posttrain/laws'
import { describe, expect, it } from 'vitest'
import { passAtKPartitionAdvantages } from '../../src/advantages/pass-at-k-partition.js'
import { binary, ofOutcomes, rewarded, stepOf } from './of-outcomes.js'

describe('passAtKPartitionAdvantages', () => {
  it('gives members their subgroup’s standing, and left-over samples nothing', () => {
    const advantages = ofOutcomes(passAtKPartitionAdvantages({ k: 2 }))(rewarded(0, 1, 0, 0, 0, 0, 1))
    // Maxima 1, 0, 0: mean 1/3, population deviation √2/3.
    const [above, below] = [Math.SQRT2, -Math.SQRT1_2]
    ;[above, above, below, below, below, below, 0].forEach((value, i) => expect(advantages[i]).toBeCloseTo(value, 14))
  })

  it('is GRPO with the population deviation at k = 1', () => {
    const advantages = ofOutcomes(passAtKPartitionAdvantages({ k: 1 }))(rewarded(1, 0, 0, 0))
    ;[Math.sqrt(3), -1 / Math.sqrt(3)].forEach((value, i) => expect(advantages[i]).toBeCloseTo(value, 14))
  })

  it.each([
    [4, 2, 0.5],
    [5, 2, 0.5],
    [6, 2, 2 / 3],
    [6, 3, 0.5],
    [3, 1, 2 / 3],
  ])('n = %d, k = %d: without σ the expected step is %d of the gradient', (n, k, factor) => {
    const rule = passAtKPartitionAdvantages({ k, normalise: false })
    expect(rule.bias(n)).toEqual({ kind: 'scaled', factor: expect.closeTo(factor, 14) as number })
    const step = expectedStep(binary, n, stepOf(rule))
    exactGradient(binary, k, bestValue).forEach((value, a) => expect(step[a]).toBeCloseTo(factor * value, 12))
  })

  it('is zero where all subgroups agree, whoever solved', () => {
    expect(ofOutcomes(passAtKPartitionAdvantages({ k: 2 }))(rewarded(1, 0, 0, 1))).toEqual([0, 0, 0, 0])
  })

  it('refuses a single subgroup and rewards that are not 0 or 1', () => {
    const advantages = ofOutcomes(passAtKPartitionAdvantages({ k: 2 }))
    expect(() => advantages(rewarded(1, 0, 0))).toThrow('needs at least 4 samples')
    expect(() => advantages(rewarded(1, 0, 0.5, 0))).toThrow('rewards[2] is 0.5')
  })
})
