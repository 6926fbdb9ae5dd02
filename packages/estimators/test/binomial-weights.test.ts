import { describe, expect, it } from 'vitest'
import { binomialWeights } from '../src/binomial-weights.js'
import { choose, ratio, relativeError } from './exact.js'

describe('binomialWeights', () => {
  it('are the probabilities of a binomial distribution', () => {
    for (const [count, successes, failures] of [
      [1, 1, 1],
      [7, 2, 5],
      [300, 3, 1000],
      [1000, 7, 1],
    ] as const) {
      const weights = binomialWeights(count, successes, failures)
      const all = BigInt(successes + failures) ** BigInt(count)
      for (const j of [0, 1, Math.floor(count / 2), count]) {
        const ways = choose(count, j) * BigInt(successes) ** BigInt(j) * BigInt(failures) ** BigInt(count - j)
        const exact = ratio(ways, all)
        if (exact > 1e-290) expect(relativeError(weights[j]!, exact)).toBeLessThan(1e-12)
      }
    }
  })

  it('are certain where one side has no odds', () => {
    expect([...binomialWeights(3, 0, 5)]).toEqual([1, 0, 0, 0])
    expect([...binomialWeights(3, 5, 0)]).toEqual([0, 0, 0, 1])
    expect([...binomialWeights(0, 2, 5)]).toEqual([1])
  })
})
