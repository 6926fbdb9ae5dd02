import { describe, expect, it } from 'vitest'
import { countPatterns, meanInterval, patternShares } from '@posttrain/estimators'
import { countsOf } from './counts.js'

describe('patternShares', () => {
  const tasks = [
    countsOf({ a: [3, 2], b: [1, 0] }),
    countsOf({ a: [1, 1], b: [2, 1], none: [1, 0] }),
    countsOf({ b: [4, 1] }),
  ]

  it('is n_r/N and c_r/n_r where all tasks have as many samples', () => {
    const shares = patternShares(tasks)
    expect(shares.map(({ pattern, samples }) => [pattern, samples])).toEqual([
      ['b', 7],
      ['a', 4],
      [undefined, 1],
    ])
    expect(shares.map(({ share }) => share)).toEqual([7 / 12, 4 / 12, 1 / 12])
    expect(shares[0]!.success).toBeCloseTo(2 / 7, 15)
    expect(shares[1]!.success).toBeCloseTo(3 / 4, 15)
    expect(shares[2]!.success).toBe(0)
  })

  it('gives each task the same weight where they have unlike numbers of samples', () => {
    const [a, b] = patternShares([countsOf({ a: [1, 1] }), countsOf({ a: [2, 0], b: [6, 3] })])
    expect([a!.share, b!.share]).toEqual([0.625, 0.375])
    expect(a!.success).toBe(1 / (1 + 0.25))
  })

  it('has intervals over tasks: of the shares, and of the success weighted by them', () => {
    const [b, a, none] = patternShares(tasks, { level: 0.9 })
    expect(b!.shareInterval).toEqual(meanInterval([0.25, 0.5, 1], { level: 0.9 }))
    expect(a!.successInterval).toEqual(meanInterval([2 / 3, 1], { level: 0.9, weights: [0.75, 0.25] }))
    expect(none!.successInterval).toBeUndefined()
    expect(none!.tasks).toBe(1)
    expect(patternShares([tasks[0]!])[0]).toMatchObject({ share: 0.75, shareInterval: undefined })
  })

  it('takes any name of a pattern', () => {
    const names = ['__proto__', 'constructor', '', 'undefined']
    const counts = countPatterns([...names, undefined].map((pattern) => ({ pattern, reward: 1 })))
    expect(patternShares([counts]).map(({ pattern, share }) => [pattern, share])).toEqual(
      [...names, undefined].map((name) => [name, 0.2]),
    )
  })

  it('refuses what no share can be taken of', () => {
    expect(() => patternShares([])).toThrow('tasks has no tasks, of which shares could be taken')
    expect(() => patternShares([tasks[0]!, new Map()])).toThrow('tasks[1] has no samples')
    expect(() => patternShares([countsOf({ a: [0, 0] })])).toThrow('tasks[0]: the number of "a"')
    expect(() => patternShares([countsOf({ none: [1, NaN] })])).toThrow('the reward of samples without a pattern')
    expect(() => countPatterns([{ pattern: 'a', reward: Infinity }])).toThrow('the reward of sample 0')
    expect(() => patternShares(tasks, { level: 1 })).toThrow('level')
  })
})
