import { waldTest, type WaldTestRule } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'

/** The exact ends of a test of trials that pass at a rate, by all counts after each. */
function ends(rate: number, rule: WaldTestRule, most: number): Record<'high' | 'low' | 'none' | 'trials', number> {
  const sums = { high: 0, low: 0, none: 0, trials: 0 }
  let open = [1]
  for (let n = 1; n <= most; n++) {
    const next = Array.from({ length: n + 1 }, (_, c) => (open[c] ?? 0) * (1 - rate) + (open[c - 1] ?? 0) * rate)
    open = next.map((probability, c) => {
      const verdict = waldTest(c, n - c, rule)
      if (verdict === undefined && n < most) return probability
      sums[verdict ?? 'none'] += probability
      sums.trials += n * probability
      return 0
    })
  }
  return sums
}

describe('waldTest', () => {
  const rule = { low: 0.4, high: 0.6 }

  // Values of a dynamic programme in Python, at most 200 trials.
  it.each([
    [0.3, 0.0011368200415659022, 0.9988631782409921, 1.7174411394695091e-9, 19.95452718036648],
    [0.5, 0.48702712911666246, 0.48702712911666246, 0.02594574176667491, 62.63659577390159],
    [0.7, 0.9988631782409932, 0.0011368200415659046, 1.7174411394695398e-9, 19.9545271803665],
  ])('at a rate of %d ends as often, and as late, as computed elsewhere', (rate, high, low, none, trials) => {
    const found = ends(rate, rule, 200)
    expect(found.high).toBeCloseTo(high, 12)
    expect(found.low).toBeCloseTo(low, 12)
    expect(found.none).toBeCloseTo(none, 12)
    expect(found.trials).toBeCloseTo(trials, 10)
  })

  it.each([
    [0.4, 0.6, 0.05, 0.05],
    [0.2, 0.3, 0.01, 0.1],
    [0.7, 0.95, 0.1, 0.02],
  ])('keeps its error rates: %d or %d, %d and %d', (low, high, alpha, beta) => {
    const errors = { alpha, beta }
    const wrongly = ends(low, { low, high, ...errors }, 2000).high
    const missed = ends(high, { low, high, ...errors }, 2000).low
    expect(wrongly).toBeLessThanOrEqual(alpha / (1 - beta))
    expect(missed).toBeLessThanOrEqual(beta / (1 - alpha))
    expect(wrongly + missed).toBeLessThanOrEqual(alpha + beta)
    expect(wrongly).toBeGreaterThan(alpha / 3)
  })

  it.each([
    [{ low: 0 }, 'low must be'],
    [{ high: 1 }, 'high must be'],
    [{ high: 0.4 }, 'high is 0.4, which is not above low, 0.4'],
    [{ alpha: 0.5 }, 'alpha must be'],
    [{ beta: 0 }, 'beta must be'],
  ])('refuses %j', (change, message) => {
    expect(() => waldTest(1, 1, { ...rule, ...change })).toThrow(message)
  })
})
