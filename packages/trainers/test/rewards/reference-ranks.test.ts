import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { perTask, rankOf } from '../../src/rewards/reference-ranks.js'
import { task } from '../support/enumerated-update.js'
import { referenceRewardsOf } from '../support/reference-rewards.js'

describe('rankOf', () => {
  it('counts what is below and what is equal', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 30 }),
        fc.integer({ min: -4, max: 4 }),
        (values, t) => {
          const sorted = Float64Array.from(values).sort()
          const below = values.filter((value) => value < t).length
          const equal = values.filter((value) => value === t).length
          expect(rankOf(sorted, t)).toEqual({ below, equal })
        },
      ),
    )
  })
})

describe('perTask', () => {
  it('makes its function once per task, of ascending rewards', () => {
    const made: number[][] = []
    const of = perTask(
      { ...referenceRewardsOf([]), tasks: [{ task: 'x', rewards: [2, 0, 1], unscored: 0, failed: 0 }] },
      (sorted) => {
        made.push([...sorted])
        return sorted.length
      },
    )
    expect([of(task), of(task)]).toEqual([3, 3])
    expect(made).toEqual([[0, 1, 2]])
  })

  it('says which task lacks rewards, and which are no numbers', () => {
    const message = 'there are no reference rewards for task y'
    expect(() => perTask(referenceRewardsOf([0]), () => 0)({ id: 'y', prompt: 'x' })).toThrow(message)
    expect(() => perTask(undefined, () => 0)({ id: 'y', prompt: 'x' })).toThrow(message)
    expect(() => perTask(referenceRewardsOf([0, NaN]), () => 0)(task)).toThrow(
      'reference rewards of task x[1] must be a finite number',
    )
  })
})
