import { describe, expect, it } from 'vitest'
import { createStream } from '@posttrain/core'
import { requiredSamples, requiredTasks, studentInterval, varianceComponents } from '@posttrain/estimators'

/** A normal draw by Box and Muller. */
const normal = (stream: { uniform(): number }): number =>
  Math.sqrt(-2 * Math.log(1 - stream.uniform())) * Math.cos(2 * Math.PI * stream.uniform())

describe('requiredTasks', () => {
  it('comes near (1.96 + 0.84)²·σ²/effect² for many tasks and asks for more where there are few', () => {
    expect(requiredTasks(0.01, 0.3)).toBe(Math.ceil(7.8489 * 900 + 1.9)) // the normal figure plus about z²/2
    expect(requiredTasks(0.05, 0.3)).toBe(285)
    expect(requiredTasks(1, 1)).toBe(10)
    expect(requiredTasks(0.1, 0)).toBe(2)
  })

  it.each([
    // statsmodels 0.15.0: TTestPower().solve_power(effect / deviation, power=…, alpha=1 − level), rounded up
    [0.5, 0.3, 6, 9],
    [1, 0.3, 3, 5],
    [1, 1, 10, 19],
    [0.1, 0.4, 128, 242],
    [0.05, 0.3, 285, 539],
    [0.01, 0.3, 7066, 13395],
  ])('for an effect of %d at a deviation of %d, few tasks too', (effect, deviation, usual, strict) => {
    expect(requiredTasks(effect, deviation)).toBe(usual)
    expect(requiredTasks(effect, deviation, { power: 0.9, level: 0.99 })).toBe(strict)
  })

  it('gives the power it promises', () => {
    const [effect, deviation, runs] = [0.1, 0.4, 2000]
    const tasks = requiredTasks(effect, deviation, { power: 0.8 })
    const stream = createStream(1, 'power')
    let found = 0
    for (let run = 0; run < runs; run++) {
      const values = Array.from({ length: tasks }, () => effect + deviation * normal(stream))
      if (studentInterval(values).lower > 0) found++
    }
    expect(Math.abs(found / runs - 0.8)).toBeLessThan(4 * Math.sqrt((0.8 * 0.2) / runs)) // four standard errors
  })

  it('refuses an effect of zero and a power below one half', () => {
    expect(() => requiredTasks(0, 1)).toThrow('effect must be a finite number above 0, but is 0')
    expect(() => requiredTasks(1, 1, { level: 1 })).toThrow(
      'level must be a finite number above 0 and below 1, but is 1',
    )
    expect(() => requiredTasks(1, 1, { power: 0.4 })).toThrow(
      'power must be a finite number of at least 0.5 and below 1, but is 0.4',
    )
  })
})

describe('requiredSamples', () => {
  it('is the smallest number with the variance that the effect allows', () => {
    const components = { between: 0.2, within: 0.6 }
    const n = requiredSamples(0.05, 300, components)
    const enough = (samples: number): boolean => requiredTasks(0.05, Math.sqrt(0.2 ** 2 + 0.6 ** 2 / samples)) <= 300
    expect([enough(n - 1), enough(n)]).toEqual([false, true])
  })

  it('says how many tasks are needed where samples cannot help', () => {
    expect(() => requiredSamples(0.05, 100, { between: 0.2, within: 0.6 })).toThrow(
      '100 tasks cannot show an effect of 0.05, however many samples are drawn: the tasks themselves differ by 0.2',
    )
  })
})

describe('varianceComponents', () => {
  it('finds the components that made the data', () => {
    const stream = createStream(1, 'components')
    const groups = Array.from({ length: 4000 }, (_, i) => {
      const centre = 0.3 * normal(stream)
      return Array.from({ length: 2 + (i % 4) }, () => centre + 0.5 * normal(stream))
    })
    const { between, within } = varianceComponents(groups)
    expect(within).toBeCloseTo(0.5, 2)
    expect(Math.abs(between - 0.3)).toBeLessThan(0.015) // four standard errors of 4,000 tasks
  })

  it('agrees with the analysis of variance by hand', () => {
    // Groups (0, 2) and (4, 6): within mean square 2, between mean square 16, size 2.
    const { between, within } = varianceComponents([
      [0, 2],
      [4, 6],
    ])
    expect([within ** 2, between ** 2]).toEqual([expect.closeTo(2, 12), expect.closeTo(7, 12)])
  })

  it('refuses what has no spread within tasks', () => {
    expect(() => varianceComponents([[1], [2]])).toThrow('there are 2 tasks with 2 samples')
  })

  it('refuses an effect that no number of tasks shows', () => {
    for (const [effect, deviation] of [
      [1e-300, 1],
      [1e-7, 1],
      [1e-200, 1e200],
    ] as const) {
      expect(() => requiredTasks(effect, deviation)).toThrow(
        /^\(deviation \/ effect\)² must be a finite number of at most/,
      )
    }
    expect(requiredTasks(1e-6, 1)).toBeGreaterThan(7e12)
  })
})
