import type { Group, Outcome } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { isConstant } from '../../../src/loops/online/is-constant.js'
import { sampleOf } from '../../support/reference-rewards.js'

const groupOf = (...rewards: (number | 'failed' | 'unscored')[]): Group => ({
  task: { id: 'x', prompt: 'x' },
  samples: rewards.map((reward, index) => ({
    ...sampleOf('', index),
    finish: reward === 'failed' ? 'failed' : 'stop',
  })),
  outcomes: rewards.map((reward): Outcome =>
    typeof reward === 'number' ? { kind: 'scored', reward } : { kind: 'unscored', reason: reward },
  ),
})

describe('isConstant', () => {
  it('is true where all rewards agree, or there is none', () => {
    expect([groupOf(1, 1), groupOf(0.5), groupOf(), groupOf(0, 1)].map((group) => isConstant(group, 'throw'))).toEqual([
      true,
      true,
      true,
      false,
    ])
  })

  it('does not look at failed samples', () => {
    expect(isConstant(groupOf(1, 'failed', 1), 'throw')).toBe(true)
    expect(isConstant(groupOf('failed'), 'count-as-failure')).toBe(true)
  })

  it('does with unscored ones what it is told', () => {
    expect(isConstant(groupOf(1, 'unscored'), 'exclude')).toBe(true)
    expect(isConstant(groupOf(1, 'unscored'), 'count-as-failure')).toBe(false)
    expect(isConstant(groupOf(0, 'unscored'), 'count-as-failure')).toBe(true)
    expect(() => isConstant(groupOf(1, 'unscored'), 'throw')).toThrow('was not scored: unscored')
  })

  it('takes sums that differ in rounding for equal, of any size, and small rewards as they are', () => {
    const rewards = [groupOf(0.1 + 0.2, 0.3), groupOf(-3e9, -3e9 - 1e-6), groupOf(1e-12, 2e-12), groupOf(1, 1 + 1e-6)]
    expect(rewards.map((group) => isConstant(group, 'throw'))).toEqual([true, true, false, false])
  })
})
