import type { Sample } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { byCost } from '../../src/budget/cost-groups.js'
import { sampleOf } from '../support/reference-rewards.js'

describe('byCost', () => {
  const task = { id: 'x', prompt: 'x' }
  const samples = ['s', 'ee', 's', 's'].map(sampleOf)
  const outcomes = [1, 0.5, 0, 0].map((reward) => ({ kind: 'scored' as const, reward }))
  const costGroupOf = ({ text }: Sample): number => text.length - 1

  it('has the mean reward of each group, and which samples are in it', () => {
    expect(byCost(task, samples, outcomes, costGroupOf, 3)).toEqual([
      { reward: expect.closeTo(1 / 3, 14) as number, samples: [0, 2, 3] },
      { reward: 0.5, samples: [1] },
      { reward: undefined, samples: [] },
    ])
  })

  it('refuses a group that does not exist', () => {
    for (const group of [2, -1, 0.5, NaN]) {
      expect(() => byCost(task, samples, outcomes, () => group, 2)).toThrow(
        `a sample of task x was put into cost group ${group}, but there are 2`,
      )
    }
    expect(() => byCost(task, samples, outcomes, costGroupOf, 1)).toThrow('groups must be an integer of at least 2')
  })
})
