import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tangoInterval, wilsonInterval } from '@posttrain/estimators'
import { tangoOfDifferences } from '../../src/intervals/tango.js'
import { normalQuantile } from '../../src/special/normal.js'

/** The score by Tango's own formulas: the restricted likelihood estimate of q21 solves a quadratic equation. */
function scoreOf(onlyA: number, onlyB: number, n: number, delta: number): number {
  const b = (2 * n - onlyB + onlyA) * delta - onlyA - onlyB
  const c = -onlyA * delta * (1 - delta)
  const q21 = (Math.sqrt(b * b - 8 * n * c) - b) / (4 * n)
  return (onlyB - onlyA - n * delta) / Math.sqrt(n * (2 * q21 + delta * (1 - delta)))
}

const counts = fc
  .tuple(fc.nat(40), fc.nat(40), fc.nat(100))
  .filter(([a, b, both]) => a + b + both > 0)
  .map(([onlyA, onlyB, both]) => [onlyA, onlyB, onlyA + onlyB + both] as const)

describe('tangoInterval', () => {
  // Made with scipy 1.17.1: scipy.optimize.brentq on the score above.
  it.each([
    [4, 0, 100, -0.0983707143588792, -0.001526761864734949],
    [2, 0, 2, -1, 0.31523954498669393],
    [0, 0, 10, -0.2775327998628893, 0.27753279986288926],
    [0, 2, 4, -0.23483625468189606, 0.8499610108478505],
    [7, 2, 50, -0.23126685280480316, 0.02092183511353024],
    [12, 5, 200, -0.08065565688338139, 0.006002516864154165],
    [3, 9, 1000, -0.0009320631830801894, 0.014376329672575159],
    [0, 1, 20, -0.11918141595546028, 0.23613119344674202],
  ])('of %d : %d among %d', (onlyA, onlyB, tasks, lower, upper) => {
    const interval = tangoInterval(onlyA, onlyB, tasks)
    expect(interval.lower).toBeCloseTo(lower, 11)
    expect(interval.upper).toBeCloseTo(upper, 11)
    expect(interval).toMatchObject({ level: 0.95, method: 'tango' })
  })

  it('ends where the score test rejects, within [−1, 1], around the difference', () => {
    fc.assert(
      fc.property(counts, fc.constantFrom(0.5, 0.9, 0.99), ([a, b, n], level) => {
        const { lower, upper } = tangoInterval(a, b, n, level)
        const z = normalQuantile((1 + level) / 2)
        if (lower > -1) expect(scoreOf(a, b, n, lower)).toBeCloseTo(z, 6)
        if (upper < 1) expect(scoreOf(a, b, n, upper)).toBeCloseTo(-z, 6)
        expect([lower >= -1, lower <= (b - a) / n, upper >= (b - a) / n, upper <= 1]).toEqual([true, true, true, true])
        expect(upper - lower).toBeGreaterThan(0.002)
      }),
      { seed: 1 },
    )
  })

  it('turns round with the systems', () => {
    const [forth, back] = [tangoInterval(7, 2, 50), tangoInterval(2, 7, 50)]
    expect([back.lower, back.upper]).toEqual([-forth.upper, -forth.lower])
  })

  it('has the upper end of Wilson where only b solves some, and counts a billion tasks', () => {
    expect(tangoInterval(0, 30, 100).upper).toBeCloseTo(wilsonInterval(30, 100).upper, 14)
    expect(tangoInterval(0, 0, 1e9).upper / 1e-9).toBeCloseTo(3.8414588059, 9) // z²/(n + z²)
  })

  it('refuses counts that cannot be', () => {
    expect(() => tangoInterval(3, 3, 5)).toThrow('onlyB must be an integer from 0 to 2, but is 3')
    expect(() => tangoInterval(0, 0, 0)).toThrow('tasks must be an integer of at least 1, but is 0')
    expect(() => tangoInterval(0, 0, 5, 95)).toThrow('level must be a finite number above 0 and below 1, but is 95')
  })
})

describe('tangoOfDifferences', () => {
  const differences = [1, 1, 0, 0, -1, 0, 0, 1, 0, 0]

  it('counts differences', () => {
    expect(tangoOfDifferences(differences)).toEqual(tangoInterval(1, 3, 10))
    expect(() => tangoOfDifferences([0, 0.5])).toThrow('but differences[1] is 0.5')
  })

  it('takes copies of a task in one cluster for less than the tasks they are', () => {
    const copied = differences.flatMap((value) => [value, value, value])
    const clusters = differences.flatMap((_, i) => [i, i, i])
    const alone = tangoOfDifferences(copied)
    const clustered = tangoOfDifferences(copied, { clusters })
    const single = tangoOfDifferences(differences, { clusters: differences.map((_, i) => i) })
    expect(clustered.upper - clustered.lower).toBeGreaterThan(1.5 * (alone.upper - alone.lower))
    // Ten clusters of three that agree: the variance is that of ten tasks, but for the task that is added.
    expect(clustered.upper).toBeCloseTo(single.upper, 1)
  })

  it('counts by Kish where nothing differs, for nothing then tells how alike clusters are', () => {
    const clusters = [0, 0, 0, 0, 1, 1, 2, 3, 4, 5] // (Σs)²/Σs² = 100/24
    const { lower, upper } = tangoOfDifferences(new Float64Array(10), { clusters })
    const q = 3.0897563674042003 ** 2 / (100 / 24) // t with 100/24 − 1 degrees of freedom, scipy 1.17.1
    expect(upper).toBeCloseTo(q / (1 + q), 10)
    expect(lower).toBe(-upper)
  })

  it('is never narrower for the clusters', () => {
    const values = fc.array(fc.tuple(fc.constantFrom(-1, 0, 1), fc.nat(5)), { minLength: 4, maxLength: 60 })
    fc.assert(
      fc.property(values, (tasks) => {
        fc.pre(new Set(tasks.map(([, cluster]) => cluster)).size > 1)
        const of = tasks.map(([value]) => value)
        const { lower, upper } = tangoOfDifferences(of, { clusters: tasks.map(([, cluster]) => cluster) })
        const alone = tangoOfDifferences(of)
        expect(upper - lower).toBeGreaterThanOrEqual(alone.upper - alone.lower)
      }),
      { seed: 2 },
    )
  })
})
