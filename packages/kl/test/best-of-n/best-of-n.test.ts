import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  beiramiKlEstimate,
  bestOfNDistribution,
  bestOfNKl,
  bestOfNKlBound,
  bestOfNWinRate,
  fromProbabilities,
  klDivergence,
  logBestOfNTilt,
  strictBestOfN,
  type Distribution,
} from '@posttrain/kl'
import { fullDistributions } from '../arbitrary-distributions.js'

const tied = fromProbabilities([0.1, 0.2, 0.3, 0.25, 0.15])
const rewards = [0, 1, 1, 2, 3]
const uniform = (m: number): [Distribution, number[]] => [
  fromProbabilities(new Float64Array(m).fill(1 / m)),
  Array.from({ length: m }, (_, i) => i),
]

/** Best-of-n by writing out every way to draw n, the pick uniform among the best. */
function enumerated({ probabilities }: Distribution, reward: readonly number[], n: number): number[] {
  const m = probabilities.length
  const result = new Array<number>(m).fill(0)
  for (let code = 0; code < m ** n; code++) {
    const draws = Array.from({ length: n }, (_, i) => Math.floor(code / m ** i) % m)
    const best = Math.max(...draws.map((y) => reward[y]!))
    const winners = draws.filter((y) => reward[y] === best)
    const probability = draws.reduce((product, y) => product * probabilities[y]!, 1)
    for (const y of winners) result[y]! += probability / winners.length
  }
  return result
}

const small = fc.tuple(fullDistributions(4), fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 4, maxLength: 4 }))

describe('bestOfNDistribution', () => {
  it('has the printed values with ties, and the strict formula the printed defect', () => {
    ;[0.01, 0.14, 0.21, 0.3625, 0.2775].forEach((p, i) =>
      expect(bestOfNDistribution(tied, rewards, 2)[i]).toBeCloseTo(p, 14),
    )
    const four = bestOfNDistribution(tied, rewards, 4)
    ;[0.0001, 0.0518, 0.0777, 0.392406, 0.477994].forEach((p, i) => expect(four[i]).toBeCloseTo(p, 6))
    const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0)
    expect(sum(strictBestOfN(tied, rewards, 2))).toBeCloseTo(0.88, 14)
    expect(sum(strictBestOfN(tied, rewards, 4))).toBeCloseTo(0.904, 3)
  })

  it('is what enumeration finds, adds up to 1, and is the strict formula without ties', () => {
    fc.assert(
      fc.property(small, fc.integer({ min: 1, max: 4 }), ([policy, reward], n) => {
        const exact = bestOfNDistribution(policy, reward, n)
        enumerated(policy, reward, n).forEach((p, i) => expect(Math.abs(exact[i]! - p)).toBeLessThan(1e-14))
        const distinct = reward.map((r, i) => r + i / 10)
        const strict = strictBestOfN(policy, distinct, n)
        bestOfNDistribution(policy, distinct, n).forEach((p, i) => expect(Math.abs(strict[i]! - p)).toBeLessThan(1e-14))
      }),
    )
  })

  it('is the policy for n = 1, and the best outcomes for large n', () => {
    bestOfNDistribution(tied, rewards, 1).forEach((p, i) => expect(p).toBeCloseTo(tied.probabilities[i]!, 15))
    expect(bestOfNDistribution(tied, rewards, 1000)[4]).toBeCloseTo(1, 15)
    expect([...bestOfNDistribution(fromProbabilities([0.5, 0.5, 0]), [0, 1, 2], 3)]).toEqual([
      expect.closeTo(0.125, 15),
      expect.closeTo(0.875, 15),
      0,
    ])
  })

  it('of one sample tilts nothing, also where no reward is lower and none is equal', () => {
    for (const level of [
      { below: 0, mass: 0 },
      { below: 0, mass: 0.25 },
      { below: 0.5, mass: 0 },
    ]) {
      expect(logBestOfNTilt(level, 1)).toBeCloseTo(0, 15)
    }
    expect(logBestOfNTilt({ below: 0, mass: 0 }, 2)).toBe(-Infinity)
  })

  it('refuses what is no case of it', () => {
    expect(() => bestOfNDistribution(tied, [1], 2)).toThrow('rewards must have 5 entries, but has 1')
    expect(() => bestOfNDistribution(tied, rewards, 0)).toThrow('n must be an integer of at least 1, but is 0')
    expect(() => bestOfNKl(tied, [0, 1, NaN, 2, 3], 2)).toThrow('rewards[2]')
  })
})

describe('KL and win rate of best-of-n', () => {
  const cases: readonly [string, Distribution, readonly number[], number, readonly [number, number, number]][] = [
    ['uniform m=2, n=4', ...uniform(2), 4, [0.459356, 0.499124, 0.636294]],
    ['uniform m=2, n=16', ...uniform(2), 16, [0.692963, 0.692991, 1.835089]],
    ['uniform m=10, n=4', ...uniform(10), 4, [0.628825, 0.63487, 0.636294]],
    ['uniform m=10, n=16', ...uniform(10), 16, [1.733063, 1.756142, 1.835089]],
    ['uniform m=1000, n=4', ...uniform(1000), 4, [0.636294, 0.636294, 0.636294]],
    ['with ties, n=2', tied, rewards, 2, [0.157544, 0.19186, 0.193147]],
    ['with ties, n=4', tied, rewards, 4, [0.555252, 0.622836, 0.636294]],
  ]

  it.each(cases)('%s: exact, estimate and bound as printed', (_, policy, reward, n, [exact, estimate, bound]) => {
    expect(bestOfNKl(policy, reward, n)).toBeCloseTo(exact, 6)
    const chosen = bestOfNDistribution(policy, reward, n)
    const expected = chosen.reduce((sum, p, i) => sum + p * beiramiKlEstimate([policy.logprobs[i]!], n), 0)
    expect(expected).toBeCloseTo(estimate, 6)
    expect(bestOfNKlBound(n)).toBeCloseTo(bound, 6)
  })

  it('have the printed win rates', () => {
    expect(bestOfNWinRate(tied, rewards, 2)).toBeCloseTo(0.6425, 12)
    expect(bestOfNWinRate(tied, rewards, 4)).toBeCloseTo(0.771969, 6)
  })

  it('keep within their bounds, agree with the KL of the distributions, and grow with n', () => {
    fc.assert(
      fc.property(small, fc.integer({ min: 1, max: 64 }), ([policy, reward], n) => {
        const kl = bestOfNKl(policy, reward, n)
        const distribution = fromProbabilities(bestOfNDistribution(policy, reward, n))
        expect(Math.abs(kl - klDivergence(distribution, policy))).toBeLessThan(1e-12)
        expect(kl).toBeLessThanOrEqual(bestOfNKlBound(n) + 1e-12)
        expect(bestOfNWinRate(policy, reward, n)).toBeLessThanOrEqual(n / (n + 1) + 1e-12)
        expect(bestOfNKl(policy, reward, n + 1)).toBeGreaterThanOrEqual(kl - 1e-12)
      }),
    )
  })

  it('reach the bound where nothing ties: many equally likely outcomes', () => {
    const [policy, reward] = uniform(20_000)
    expect(bestOfNKl(policy, reward, 8)).toBeCloseTo(bestOfNKlBound(8), 6)
    expect(bestOfNWinRate(policy, reward, 8)).toBeCloseTo(8 / 9, 4)
  })

  it('the estimate: the bound for tiny probabilities, 0 for certain ones, and refusals', () => {
    expect(beiramiKlEstimate([-Infinity, -800], 16)).toBeCloseTo(bestOfNKlBound(16), 14)
    expect(beiramiKlEstimate([0], 16)).toBe(0)
    expect(beiramiKlEstimate([Math.log(0.5), 0], 4)).toBeCloseTo(0.499124 / 2, 6)
    expect(() => beiramiKlEstimate([], 4)).toThrow('at least one entry')
    expect(() => beiramiKlEstimate([0.1], 4)).toThrow('chosenLogprobs[0] must be a log-prob, but is 0.1')
  })
})
