import { describe, expect, it } from 'vitest'
import { greedyBaseline } from '../../src/advantages/greedy-baseline.js'
import { groupOf } from './token-groups.js'

const group = groupOf([[1, 1], [3, 0], [4, 0.5]]) // prettier-ignore

describe('greedyBaseline', () => {
  it('compares with the most likely completion, and refuses a group without it', () => {
    const greedy = { kind: 'scored' as const, reward: 0.25 }
    expect(greedyBaseline().advantages([{ ...group, greedy }])).toEqual([{ advantages: [0.75, -0.25, 0.25] }])
    expect(() => greedyBaseline().advantages([group])).toThrow('the most likely completion of task x has no outcome')
  })
})
