import { describe, expect, it } from 'vitest'
import { meanInterval, pairedWins } from '@posttrain/estimators'

describe('pairedWins', () => {
  const a = [0, 0.5, 0.5, 1, 0.3]
  const b = [1, 1, 0.5, 0, 0.1 + 0.2]

  it('counts tasks; rounding is a tie, and ties count by half', () => {
    const { better, worse, ties, rate, interval } = pairedWins(a, b)
    expect([better, worse, ties]).toEqual([2, 1, 2])
    expect(rate).toBe(0.6)
    expect(interval).toEqual(meanInterval([1, 1, 0.5, 0, 0.5]))
  })

  it('is one half, and as wide, the other way round', () => {
    const [there, back] = [pairedWins(a, b), pairedWins(b, a)]
    expect(there.rate + back.rate).toBe(1)
    expect(there.interval.upper - there.interval.lower).toBeCloseTo(back.interval.upper - back.interval.lower, 12)
    expect(pairedWins(a, a).rate).toBe(0.5)
  })

  it('counts weighted tasks in the rate', () => {
    expect(pairedWins([0, 1], [1, 0], { weights: [3, 1] }).rate).toBe(0.75)
  })

  it('refuses lists of different lengths', () => {
    expect(() => pairedWins([1, 2], [1, 2, 3])).toThrow('b must have 2 entries, but has 3')
  })
})
