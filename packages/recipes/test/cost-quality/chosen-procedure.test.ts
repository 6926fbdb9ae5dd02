import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cheapest, stabilityOf, type Priced } from '../../src/cost-quality/chosen-procedure.js'

const priced = (name: string, values: readonly number[], cost: number): Priced => ({
  name,
  values,
  money: values.map(() => cost),
})

describe('cheapest', () => {
  const three = [priced('one', [0, 1, 0, 1], 1), priced('vote', [1, 1, 0, 1], 8), priced('wide', [1, 1, 0, 1], 64)]

  it('is the cheapest that reaches the target, and of equal costs the better', () => {
    expect(cheapest(three, { target: 0.5, tolerance: 0 })).toBe('one')
    expect(cheapest(three, { target: 0.6, tolerance: 0 })).toBe('vote')
    expect(cheapest(three, { target: 0.8, tolerance: 0 })).toBeUndefined()
    const better = [...three, priced('better', [1, 1, 1, 1], 8)]
    expect(cheapest(better, { target: 0.6, tolerance: 0 })).toBe('better')
  })

  it('comes within the tolerance of the best where there is no target', () => {
    expect(cheapest(three, { target: undefined, tolerance: 0.01 })).toBe('vote')
    expect(cheapest(three, { target: undefined, tolerance: 0.25 })).toBe('one')
  })

  it('always costs least among those that reach, whatever there is', () => {
    const one = fc.record({ cost: fc.integer({ min: 1, max: 9 }), value: fc.integer({ min: 0, max: 4 }) })
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 6 }), fc.integer({ min: 0, max: 4 }), (all, target) => {
        const choices = all.map(({ cost, value }, i) => priced(`${i}`, [value, value], cost))
        const chosen = cheapest(choices, { target, tolerance: 0 })
        const reaching = all.filter(({ value }) => value >= target)
        if (chosen === undefined) expect(reaching).toEqual([])
        else expect(all[Number(chosen)]!.cost).toBe(Math.min(...reaching.map(({ cost }) => cost)))
      }),
    )
  })
})

describe('stabilityOf', () => {
  it('is the probability that a resample of the tasks chooses the same', () => {
    // Of two tasks, a resample has the second one in three of four cases: then alone does the vote reach more than one.
    const two = [priced('one', [1, 0], 1), priced('vote', [1, 1], 8)]
    const wish = { target: undefined, tolerance: 0.01 }
    expect(cheapest(two, wish)).toBe('vote')
    const share = stabilityOf('vote', two, wish, { seed: 0, resamples: 10_000 })
    expect(Math.abs(share - 0.75)).toBeLessThan(5 * Math.sqrt((0.75 * 0.25) / 10_000))
    expect(stabilityOf('one', two, wish, { seed: 0, resamples: 10_000 })).toBeCloseTo(1 - share, 12)
    expect(stabilityOf('vote', two, wish, { seed: 0, resamples: 10_000 })).toBe(share)
  })
})
