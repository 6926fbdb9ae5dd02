import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  deviationDivisor,
  grpoAdvantages,
  maxAtKObjective,
  passAtKObjective,
  standardisedAdvantages,
  verlPassAtK,
} from '@posttrain/estimators'
import { withRewards } from '../outcomes.js'

const average = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length
const sampleDeviation = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, x) => sum + (x - average(values)) ** 2, 0) / (values.length - 1))
const largest = (values: readonly number[]): number => Math.max(...values.map(Math.abs))

/** Everything that divides by the deviation of a group's rewards. */
const dividing = [
  grpoAdvantages(),
  grpoAdvantages('population'),
  standardisedAdvantages(maxAtKObjective({ k: 2 })),
  verlPassAtK({ k: 2 }),
]
/** Rewards around one value, of any size, that differ by a share of it. */
const nearlyEqual = fc.record({
  around: fc.oneof(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -1e6, max: 1e6, noNaN: true })),
  exponent: fc.double({ min: -12, max: -6, noNaN: true }),
  signs: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 4, maxLength: 8 }),
})

describe('deviationDivisor', () => {
  it('is the deviation, to the last digit, from 1e-4 of the largest magnitude on', () => {
    expect(deviationDivisor([1, 0, 0, 1], 'population')).toBe(0.5)
    expect(deviationDivisor([1, 0, 0, 1], 'sample')).toBe(Math.sqrt(1 / 3))
    expect(deviationDivisor([1000.3, 999.7], 'population')).toBeCloseTo(0.3, 12)
    expect(deviationDivisor([2e-4, 0], 'population')).toBeCloseTo(1e-4, 18)
  })

  it('grows again below that: ε²/σ, and infinite where all values agree', () => {
    expect(deviationDivisor([2e-6, 0], 'population')).toBeCloseTo(1e-2, 12)
    expect(deviationDivisor([1000 + 2e-3, 1000], 'population')).toBeCloseTo(10, 3) // ε is 1e-4 of 1000, σ 1e-3
    expect(deviationDivisor([0.35, 0.35, 0.35], 'sample')).toBe(Infinity)
  })
})

describe.each(dividing)('$name, divided by the deviation', (advantages) => {
  it('of rewards that are equal up to noise goes to 0 with the noise', () => {
    fc.assert(
      fc.property(nearlyEqual, ({ around, exponent, signs }) => {
        const noise = 10 ** exponent
        const rewards = signs.map((sign) => around * (1 + noise * sign))
        // A numerator of at most 4·noise·|r| over ε²/σ, σ at most 2·noise·|r| and ε at least 1e-4·|r|.
        return largest(advantages.advantages(withRewards(...rewards)).map(Number)) <= 8 * (noise / 1e-4) ** 2
      }),
      { seed: 1 },
    )
  })
})

describe('grpoAdvantages', () => {
  const grpo = (rewards: readonly number[]): number[] =>
    grpoAdvantages()
      .advantages(withRewards(...rewards))
      .map(Number)

  it('make nothing of sums that differ in the last bit, whatever their size', () => {
    for (const scale of [1e-9, 1, 100, 1e9, 1e15]) {
      const rewards = [0.1 + 0.2, 0.3, 0.3, 0.3].map((reward) => scale * reward)
      expect(largest(grpo(rewards))).toBeLessThan(1e-15 / 1e-8)
    }
    expect(grpo([0.1, 0.1, 0.1])).toEqual([0, 0, 0])
  })

  it('add up to 0 up to rounding, and for an ordinary spread are the formula without an ε', () => {
    const rewards = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 2, maxLength: 16 })
    fc.assert(
      fc.property(rewards, (given) => {
        const found = grpo(given)
        expect(Math.abs(average(found))).toBeLessThan(1e-10)
        const deviation = sampleDeviation(given)
        if (deviation < 1.001e-4 * Math.max(1, largest(given))) return
        found.forEach((value, i) => expect(value).toBeCloseTo((given[i]! - average(given)) / deviation, 9))
      }),
      { seed: 1 },
    )
  })

  it('shrink with the square of a spread below ε, so that a KL of rounding added to equal rewards says nothing', () => {
    const spread = (size: number): number => largest(grpo([0, size, 0, size]))
    expect(spread(1e-2)).toBeCloseTo(spread(1), 12)
    expect(spread(1e-6)).toBeLessThan(1e-4)
    expect(spread(1e-9)).toBeLessThan(1e-10)
    expect(spread(0)).toBe(0)
  })
})

describe('standardisedAdvantages', () => {
  it('of credits that do not vanish go to 0 with the noise all the same, and are 0 where all rewards agree', () => {
    const passed = standardisedAdvantages(passAtKObjective({ k: 2, baseline: 'none' }))
    expect(passed.advantages(withRewards(1, 1, 1))).toEqual([0, 0, 0])
    const best = standardisedAdvantages(maxAtKObjective({ k: 2, baseline: 'none' }))
    const worst = (noise: number): number => largest(best.advantages(withRewards(1, 1 + noise, 1)).map(Number))
    expect([worst(0), worst(1e-12) < 1e-3, worst(1e-15) < 1e-6]).toEqual([0, true, true])
  })
})
