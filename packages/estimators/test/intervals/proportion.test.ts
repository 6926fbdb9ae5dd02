import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { clopperPearsonInterval, wilsonInterval } from '@posttrain/estimators'
import { choose } from '../exact.js'

/** P(Binomial(n, p) ≥ c). */
const atLeast = (c: number, n: number, p: number): number => {
  let sum = 0
  for (let j = c; j <= n; j++) sum += Number(choose(n, j)) * p ** j * (1 - p) ** (n - j)
  return sum
}

/** A case of tools/golden/clopper-pearson.py. */
interface GoldenCase {
  readonly c: number
  readonly n: number
  readonly level: number
  readonly lower: number
  readonly upper: number
}

/** Values made by tools/golden/clopper-pearson.py with mpmath. */
const golden = JSON.parse(
  readFileSync(new URL('../../../../tools/golden/clopper-pearson.json', import.meta.url), 'utf8'),
) as readonly GoldenCase[]

describe('wilsonInterval', () => {
  it('ends where the score test rejects', () => {
    const z = 1.959963984540054
    for (const [c, n] of [
      [8, 10],
      [1, 200],
      [50, 100],
    ] as const) {
      const { lower, upper } = wilsonInterval(c, n)
      for (const p of [lower, upper]) expect((c / n - p) ** 2).toBeCloseTo((z * z * p * (1 - p)) / n, 14)
    }
  })

  it('starts at 0 and ends at 1 where the count does', () => {
    expect(wilsonInterval(0, 10)).toMatchObject({ lower: 0, upper: expect.closeTo(0.2775, 4) as number })
    expect(wilsonInterval(10, 10).upper).toBe(1)
  })
})

describe('clopperPearsonInterval', () => {
  it('gives each tail exactly half of what is left', () => {
    for (const [c, n] of [
      [8, 10],
      [1, 40],
      [20, 40],
    ] as const) {
      const { lower, upper } = clopperPearsonInterval(c, n, 0.9)
      expect(atLeast(c, n, lower)).toBeCloseTo(0.05, 10)
      expect(1 - atLeast(c + 1, n, upper)).toBeCloseTo(0.05, 10)
    }
  })

  it.each(golden)('of $c in $n at $level is what 40 digits give', ({ c, n, level, lower, upper }) => {
    const interval = clopperPearsonInterval(c, n, level)
    for (const [found, expected] of [
      [interval.lower, lower],
      [interval.upper, upper],
    ] as const) {
      expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-12 * expected)
    }
  })

  it('covers at least its level for every p, exactly summed', () => {
    const n = 30
    for (const p of [0.01, 0.1, 0.33, 0.5, 0.97]) {
      let covered = 0
      for (let c = 0; c <= n; c++) {
        const { lower, upper } = clopperPearsonInterval(c, n)
        if (lower <= p && p <= upper) covered += Number(choose(n, c)) * p ** c * (1 - p) ** (n - c)
      }
      expect(covered).toBeGreaterThanOrEqual(0.95)
    }
  })

  it('refuses c > n', () => {
    expect(() => clopperPearsonInterval(5, 4)).toThrow('c must be an integer from 0 to 4, but is 5')
    expect(clopperPearsonInterval(0, 4).lower).toBe(0)
    expect(clopperPearsonInterval(4, 4).upper).toBe(1)
  })
})
