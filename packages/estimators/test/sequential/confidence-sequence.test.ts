import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createStream } from '@posttrain/core'
import { confidenceSequence } from '@posttrain/estimators'

describe('a confidence sequence', () => {
  /**
   * Chance that one of the first `horizon` intervals leaves out the mean of values that are `low` or `high`, by
   * enumeration of all orders; a branch ends where it has happened.
   */
  const missed = (p: number, [low, high]: readonly [number, number], horizon: number, level: number): number => {
    const mean = low + p * (high - low)
    const from = (values: readonly number[], probability: number): number => {
      const sequence = confidenceSequence({ min: -1, max: 1, level })
      for (const value of values) sequence.add(value)
      const { lower, upper } = sequence.interval()
      if (lower > mean || upper < mean) return probability
      if (values.length === horizon) return 0
      return from([...values, low], probability * (1 - p)) + from([...values, high], probability * p)
    }
    return from([], 1)
  }

  it.each([
    [0.5, -1, 1],
    [0.1, -1, 1],
    [0.9, -1, 1],
    [0.3, 0, 1],
    [0.5, -0.5, 1],
    [0.02, -1, 1],
  ])('misses the mean of p = %f on {%f, %f} ever, within 9 looks, with a chance below 1 − level', (p, low, high) => {
    expect(missed(p, [low, high], 9, 0.5)).toBeLessThanOrEqual(0.5)
    expect(missed(p, [low, high], 9, 0.8)).toBeLessThanOrEqual(0.2)
  })

  it('is no empty promise: at a low level the chance is not 0, and with another mean it is great', () => {
    expect(missed(0.5, [-1, 1], 9, 0.5)).toBeGreaterThan(0.1)
  })

  it('misses rarely in a long run with a look at each value, and ends close to the mean', () => {
    const runs = 200
    let misses = 0
    for (let run = 0; run < runs; run++) {
      const stream = createStream(run, 'values')
      const sequence = confidenceSequence({ min: 0, max: 1, level: 0.9 })
      let isMissed = false
      for (let i = 0; i < 300; i++) {
        sequence.add(stream.uniform() < 0.7 ? 1 : 0)
        const { lower, upper } = sequence.interval()
        isMissed ||= lower > 0.7 || upper < 0.7
      }
      if (isMissed) misses++
      const { lower, upper } = sequence.interval()
      expect(upper - lower).toBeLessThan(0.25)
    }
    // At most 10 % in truth: 33 of 200 would have a chance of 0.002.
    expect(misses).toBeLessThanOrEqual(32)
  })

  it('never grows, holds its bounds, and does not depend on the unit', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 60 }), (values) => {
        const [plain, scaled] = [confidenceSequence({ min: 0, max: 1 }), confidenceSequence({ min: -3, max: 5 })]
        let before = plain.interval()
        expect(before).toEqual({ lower: 0, upper: 1, level: 0.95, method: 'betting' })
        for (const value of values) {
          plain.add(value)
          scaled.add(Math.min(5, -3 + 8 * value))
          const now = plain.interval()
          expect(now.lower).toBeGreaterThanOrEqual(before.lower)
          expect(now.upper).toBeLessThanOrEqual(before.upper)
          expect(now.upper).toBeGreaterThan(now.lower)
          before = now
        }
        const { lower, upper } = scaled.interval()
        // A value rounds otherwise in the other unit, which can move a bound by one candidate.
        expect(Math.abs(lower - (-3 + 8 * before.lower))).toBeLessThanOrEqual(8 / 4096 + 1e-9)
        expect(Math.abs(upper - (-3 + 8 * before.upper))).toBeLessThanOrEqual(8 / 4096 + 1e-9)
      }),
    )
  })

  it('agrees with the capitals written out', () => {
    const values = [1, 0, 1, 1, 0.5, 1, 1, 0, 1, 1, 1, 1]
    const sequence = confidenceSequence({ min: 0, max: 1, level: 0.7 })
    values.forEach((value) => sequence.add(value))
    const bets = values.map((_, t) => {
      const before = values.slice(0, t)
      const means = before.map((__, i) => (0.5 + before.slice(0, i + 1).reduce((a, b) => a + b, 0)) / (i + 2))
      const variance = (0.25 + before.reduce((sum, x, i) => sum + (x - means[i]!) ** 2, 0)) / (t + 1)
      return Math.sqrt((2 * Math.log(2 / 0.3)) / (variance * (t + 1) * Math.log(t + 2)))
    })
    const capital = (m: number): number =>
      values.reduce((product, x, t) => product * (1 + Math.min(bets[t]!, 0.5 / m) * (x - m)), 0.5)
    const { lower } = sequence.interval()
    expect(lower).toBeGreaterThan(0.2)
    expect(capital(lower)).toBeGreaterThanOrEqual(1 / 0.3)
    expect(capital(lower + 1 / 4096)).toBeLessThan(1 / 0.3)
  })

  it.each([
    [{ min: 1, max: 1 }, 'nothing is between them'],
    [{ min: 0, max: Infinity }, 'max'],
    [{ min: 0, max: 1, level: 1 }, 'level'],
  ])('is refused with %j', (options, message) => {
    expect(() => confidenceSequence(options)).toThrow(message)
  })

  it.each([[1.1], [NaN], [-0.1]])('refuses the value %f', (value) => {
    expect(() => confidenceSequence({ min: 0, max: 1 }).add(value)).toThrow('value 0')
  })
})
