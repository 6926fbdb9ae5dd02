import { describe, expect, it } from 'vitest'
import { createStream } from '@posttrain/core'
import { confidenceSequence, randomisedDifference, type Assigned } from '@posttrain/estimators'

const options = { min: 0, max: 1, leastProbability: 0.2 }

/** Shares of b that follow what was seen: few at first, more after each success of b. */
const shareAfter = (seen: readonly Assigned[]): number =>
  seen.reduce((share, { to, value }) => (to === 'b' && value === 1 ? Math.min(0.8, share + 0.3) : share), 0.2)

describe('the difference of two arms', () => {
  /** Visits every way in which so many requests can go, with its probability. */
  function eachWay(
    [pa, pb]: readonly [number, number],
    horizon: number,
    visit: (requests: readonly Assigned[], probability: number) => boolean,
  ): void {
    const from = (seen: readonly Assigned[], probability: number): void => {
      if (visit(seen, probability) || seen.length === horizon) return
      const share = shareAfter(seen)
      for (const to of ['a', 'b'] as const) {
        const p = to === 'a' ? pa : pb
        for (const value of [0, 1]) {
          const chance = (to === 'a' ? 1 - share : share) * (value === 1 ? p : 1 - p)
          if (chance > 0) from([...seen, { to, probabilityOfB: share, value }], probability * chance)
        }
      }
    }
    from([], 1)
  }
  const after = (requests: readonly Assigned[], level = 0.95) => {
    const split = randomisedDifference({ ...options, level })
    for (const request of requests) split.add(request)
    return split
  }

  it.each([
    [0.5, 0.5],
    [0.9, 0.6],
    [0.1, 1],
  ])('is estimated without bias from shares that follow the results: %f and %f', (pa, pb) => {
    let expected = 0
    eachWay([pa, pb], 4, (requests, probability) => {
      if (requests.length === 4) expected += probability * after(requests).difference
      return false
    })
    expect(expected).toBeCloseTo(pb - pa, 12)
  })

  it('is the mean of the weighted values, with what confidenceSequence says of them', () => {
    const split = after([
      { to: 'b', probabilityOfB: 0.2, value: 1 },
      { to: 'a', probabilityOfB: 0.5, value: 0 },
      { to: 'b', probabilityOfB: 0.8, value: 0 },
    ])
    const z = [(1 - 0.5) / 0.2, -(0 - 1.5 / 2) / 0.5, (0 - 1.5 / 3) / 0.8]
    expect(split.difference).toBeCloseTo((z[0]! + z[1]! + z[2]!) / 3, 12)
    const sequence = confidenceSequence({ min: -5, max: 5 })
    z.forEach((value) => sequence.add(value))
    expect(split.interval()).toEqual(sequence.interval())
  })

  it('is found, and counted by arm', () => {
    const stream = createStream(1, 'requests')
    const split = randomisedDifference({ min: 0, max: 1, leastProbability: 0.5 })
    for (let i = 0; i < 2000; i++) {
      const to = stream.uniform() < 0.5 ? 'b' : 'a'
      split.add({ to, probabilityOfB: 0.5, value: stream.uniform() < (to === 'b' ? 0.8 : 0.6) ? 1 : 0 })
    }
    const { lower, upper } = split.interval()
    expect(lower).toBeGreaterThan(0.05)
    expect(upper).toBeLessThan(0.35)
    expect(split.n.a + split.n.b).toBe(2000)
    expect(Math.abs(split.difference - 0.2)).toBeLessThan(0.06) // three standard errors
  })

  it.each([[0], [0.6], [NaN]])('is refused with the least probability %f', (leastProbability) => {
    expect(() => randomisedDifference({ min: 0, max: 1, leastProbability })).toThrow('leastProbability')
  })

  it('refuses a probability below the least, and a value out of bounds', () => {
    const split = randomisedDifference(options)
    expect(() => split.add({ to: 'a', probabilityOfB: 0.1, value: 1 })).toThrow('probabilityOfB 0')
    expect(() => split.add({ to: 'a', probabilityOfB: 0.9, value: 1 })).toThrow('probabilityOfB 0')
    expect(() => split.add({ to: 'a', probabilityOfB: 0.5, value: 2 })).toThrow('value 0')
  })
})
