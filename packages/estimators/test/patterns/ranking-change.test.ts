import { describe, expect, it } from 'vitest'
import { rankingChangeRatio, tokenRank } from '@posttrain/estimators'

describe('tokenRank', () => {
  it('counts the tokens that are more likely', () => {
    const logprobs = [-1, -0.5, -Infinity, -1, -4]
    expect(logprobs.map((_, token) => tokenRank(logprobs, token))).toEqual([2, 1, 5, 2, 4])
  })

  it('refuses what has no rank', () => {
    expect(() => tokenRank([0, 1], 2)).toThrow('token')
    expect(() => tokenRank([0, NaN], 0)).toThrow('logprobs[1] is NaN')
  })
})

describe('rankingChangeRatio', () => {
  it('counts positions of the response, not of the vocabulary', () => {
    const base = [
      [0.5, 0.3, 0.2],
      [0.1, 0.7, 0.2],
      [0.4, 0.4, 0.2],
    ]
    const trained = [
      [0.4, 0.5, 0.1],
      [0.1, 0.6, 0.3],
      [0.5, 0.4, 0.1],
    ]
    const ratio = (tokens: readonly number[]): number =>
      rankingChangeRatio(
        tokens.map((token, i) => tokenRank(base[i]!, token)),
        tokens.map((token, i) => tokenRank(trained[i]!, token)),
      )
    expect(ratio([0, 1, 0])).toBeCloseTo(1 / 3, 15) // 1 → 2, 1 → 1, 1 → 1
    expect(ratio([1, 1, 1])).toBeCloseTo(2 / 3, 15) // 2 → 1, 1 → 1, 1 → 2
    expect(ratio([2, 2, 2])).toBe(0)
  })

  it('refuses no tokens, other lengths and what is no rank', () => {
    expect(() => rankingChangeRatio([], [])).toThrow('the response has no tokens')
    expect(() => rankingChangeRatio([1], [1, 2])).toThrow('trained')
    expect(() => rankingChangeRatio([0], [1])).toThrow('base[0]')
    expect(() => rankingChangeRatio([1], [1.5])).toThrow('trained[0]')
  })
})
