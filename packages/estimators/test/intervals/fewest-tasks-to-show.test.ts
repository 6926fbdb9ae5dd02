import { fewestTasksToShow, scoreInterval } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'

const lowerOfOnes = (tasks: number, level: number): number =>
  scoreInterval(new Float64Array(tasks).fill(1), { level }).lower

describe('fewestTasksToShow', () => {
  it('is where the lower bound of as many successes reaches it, and one task less does not', () => {
    for (const level of [0.5, 0.9, 0.95, 0.99]) {
      for (const least of [0.05, 0.3, 0.5, 0.757, 0.8, 0.9, 0.95, 0.99, 0.999]) {
        const fewest = fewestTasksToShow(least, level)
        expect(lowerOfOnes(fewest, level)).toBeGreaterThanOrEqual(least - 1e-12)
        if (fewest > 2) expect(lowerOfOnes(fewest - 1, level)).toBeLessThan(least)
      }
    }
  })

  it('is two where any interval reaches it, and infinite where none does', () => {
    expect([-1, 0, 0.01].map((least) => fewestTasksToShow(least, 0.95))).toEqual([2, 2, 2])
    for (const least of [1 - 2 ** -53, 1, 1.5, 90]) expect(fewestTasksToShow(least, 0.95)).toBe(Infinity)
  })

  it('is z²·least/(1 − least) of many tasks', () => {
    for (const bits of [20, 30]) {
      const least = 1 - 2 ** -bits
      expect(fewestTasksToShow(least, 0.95) / (1.959963984540054 ** 2 * (2 ** bits - 1))).toBeCloseTo(1, 5)
    }
  })

  it('refuses a bound that is no number, and an impossible level', () => {
    expect(() => fewestTasksToShow(NaN, 0.95)).toThrow('least must be a finite number, but is NaN')
    expect(() => fewestTasksToShow(0.9, 1)).toThrow('level must be')
  })
})
