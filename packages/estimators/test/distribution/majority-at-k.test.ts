import { describe, expect, it } from 'vitest'
import { majorityAtKFromDistribution } from '@posttrain/estimators'
import { expectClose } from '../outcomes.js'

describe('majorityAtKFromDistribution', () => {
  it.each([
    [
      [0.6, 0.4],
      [1, 2, 3, 5, 9, 15],
      [0.6, 0.6, 0.648, 0.68256, 0.733432, 0.786897],
    ],
    [
      [0.4, 0.35, 0.25],
      [1, 2, 3, 5, 9, 15],
      [0.4, 0.4, 0.422, 0.44344, 0.480031, 0.517809],
    ],
    [
      [0.3, 0.5, 0.2],
      [1, 2, 3, 5, 9, 15],
      [0.3, 0.3, 0.276, 0.25758, 0.219306, 0.175502],
    ],
  ])('%j, the first right, at k = %j', (probabilities, ks, expected) => {
    const answers = probabilities.map((probability, i) => ({ probability, reward: i === 0 ? 1 : 0 }))
    expectClose(
      ks.map((k) => majorityAtKFromDistribution(answers, k)),
      expected,
      1e-6,
    )
  })

  it('scores a tie by its policy', () => {
    const answers = [
      { probability: 0.6, reward: 1 },
      { probability: 0.4, reward: 0 },
    ]
    expect(majorityAtKFromDistribution(answers, 4)).toBeCloseTo(0.648, 14)
    expect(majorityAtKFromDistribution(answers, 4, { ties: 'strict' })).toBeCloseTo(0.4752, 14)
  })

  it('goes to the most likely answer for many votes', () => {
    const answers = [
      { probability: 0.5, reward: 1 },
      { probability: 0.3, reward: 0 },
    ]
    expect(majorityAtKFromDistribution(answers, 401, { abstaining: 0.2 })).toBeGreaterThan(0.9999)
  })

  it('refuses probabilities that do not add up to 1', () => {
    expect(() => majorityAtKFromDistribution([{ probability: 0.6, reward: 1 }], 3)).toThrow(
      'probabilities must add up to 1, but add up to 0.6',
    )
  })
})
