import { describe, expect, it } from 'vitest'
import { binomialWeights } from '../../src/binomial-weights.js'
import { binomialProbability } from '../../src/special/binomial.js'
import { choose, ratio, relativeError } from '../exact.js'

describe('binomialProbability', () => {
  it('is C(n, j)·pʲqⁿ⁻ʲ in rational arithmetic', () => {
    for (const [count, successes, failures] of [
      [1, 1, 1],
      [30, 3, 7],
      [400, 1, 99],
      [999, 5, 3],
    ] as const) {
      for (const hits of [0, 1, Math.floor(count / 3), count - 1, count]) {
        const ways = choose(count, hits) * BigInt(successes) ** BigInt(hits) * BigInt(failures) ** BigInt(count - hits)
        const exact = ratio(ways, BigInt(successes + failures) ** BigInt(count))
        if (exact < 1e-290) continue
        expect(relativeError(binomialProbability(hits, count, successes, failures), exact)).toBeLessThan(3e-13)
      }
    }
  })

  it('is that of a normal variable at the middle of the largest counts', () => {
    const count = 2 ** 52
    expect(relativeError(binomialProbability(count / 2, count, 1, 1), Math.sqrt(2 / (Math.PI * count)))).toBeLessThan(
      1e-15,
    )
  })
})

describe('binomialWeights of the first few', () => {
  it('are those of all', () => {
    const [all, few] = [binomialWeights(20_000, 3, 997), binomialWeights(20_000, 3, 997, 150)]
    expect(few).toHaveLength(151)
    for (let j = 0; j <= 150; j++) expect(relativeError(few[j]!, all[j]!)).toBeLessThan(1e-12)
    expect(binomialWeights(2 ** 53 - 1, 5, 2 ** 53 - 6, 5)).toHaveLength(6)
    expect(binomialWeights(10, 1, 1, 3)).toEqual(binomialWeights(10, 1, 1).subarray(0, 4))
    expect([...binomialWeights(20_000, 1, 0, 3)]).toEqual([0, 0, 0, 0])
  })
})
