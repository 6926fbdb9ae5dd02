import { describe, expect, it } from 'vitest'
import { gPassAtKObjective, meanGPassAtKObjective, passAtKObjective, passHatKObjective } from '@posttrain/estimators'

const outcomes = [1, 0, 1, 1, 0, 1].map((reward) => ({ kind: 'scored' as const, reward }))

describe('gPassAtKObjective', () => {
  it('is pass@k where one must be correct and pass^k where all must, advantages too', () => {
    for (const k of [1, 2, 3, 4]) {
      for (const [tau, other] of [
        [0, passAtKObjective({ k })],
        [1, passHatKObjective({ k })],
      ] as const) {
        const objective = gPassAtKObjective({ k, tau })
        expect(objective.estimate(outcomes)).toBeCloseTo(other.estimate(outcomes), 14)
        const expected = other.advantages(outcomes)
        objective.advantages(outcomes).forEach((advantage, i) => expect(advantage).toBeCloseTo(expected[i]!, 14))
      }
    }
  })

  it('refuses a share that is none, and rewards between', () => {
    expect(() => gPassAtKObjective({ k: 2, tau: 1.5 })).toThrow('tau must be a finite number from 0 to 1, but is 1.5')
    const half = [0.5, 1].map((reward) => ({ kind: 'scored' as const, reward }))
    expect(() => gPassAtKObjective({ k: 2, tau: 0.5 }).estimate(half)).toThrow(
      'G-Pass@2_0.5 needs rewards of 0 or 1, but rewards[0] is 0.5',
    )
  })
})

describe('meanGPassAtKObjective', () => {
  it('is the mean over the shares above one half', () => {
    const of = (tau: number): number => gPassAtKObjective({ k: 4, tau }).estimate(outcomes)
    expect(meanGPassAtKObjective({ k: 4 }).estimate(outcomes)).toBeCloseTo((of(0.75) + of(1)) / 2, 14)
  })
})
