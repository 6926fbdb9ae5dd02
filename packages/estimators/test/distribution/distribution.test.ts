import { describe, expect, it } from 'vitest'
import {
  bestOfNFromDistribution,
  majorityAtKFromDistribution,
  passAtKFromProbability,
  winRateFromDistribution,
} from '@posttrain/estimators'
import { bestOfNDistribution } from '../../src/distribution/best-of-n.js'
import { expectClose } from '../outcomes.js'

describe('passAtKFromProbability', () => {
  it('is 1 − (1 − p)ᵏ, also where that cancels', () => {
    expect(passAtKFromProbability(0.1, 5)).toBeCloseTo(0.40951, 14)
    expect(passAtKFromProbability(1e-18, 7)).toBeCloseTo(7e-18, 30)
    expect([passAtKFromProbability(0, 3), passAtKFromProbability(1, 3)]).toEqual([0, 1])
    expect(() => passAtKFromProbability(1.2, 3)).toThrow('p must be a finite number from 0 to 1, but is 1.2')
  })
})

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

describe('best-of-n of a known distribution', () => {
  const probabilities = [0.1, 0.2, 0.3, 0.25, 0.15]
  const proxy = [0, 1, 1, 2, 3]

  it('shares ties', () => {
    expectClose(bestOfNDistribution({ probabilities, proxy }, 2), [0.01, 0.14, 0.21, 0.3625, 0.2775], 1e-15)
    expectClose(bestOfNDistribution({ probabilities, proxy }, 4), [0.0001, 0.0518, 0.0777, 0.392406, 0.477994], 1e-6)
  })

  it('wins as often as tabulated, never more than n/(n+1)', () => {
    expect(winRateFromDistribution({ probabilities, proxy }, proxy, 2)).toBeCloseTo(0.6425, 14)
    expect(winRateFromDistribution({ probabilities, proxy }, proxy, 4)).toBeCloseTo(0.771969, 6)
  })

  it('has the expected gold of that distribution', () => {
    expect(bestOfNFromDistribution({ probabilities, proxy }, [1, 0, 1, 0, 1], 2)).toBeCloseTo(0.01 + 0.21 + 0.2775, 14)
    expect(() => bestOfNFromDistribution({ probabilities, proxy: [1] }, proxy, 2)).toThrow('proxy must have 5 entries')
  })
})
