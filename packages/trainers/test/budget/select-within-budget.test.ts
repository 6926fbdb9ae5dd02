import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { selectWithinBudget } from '../../src/budget/select-within-budget.js'

const gain = (margins: readonly (number | undefined)[], chosen: readonly boolean[]): number =>
  margins.reduce((sum: number, margin, i) => sum + (chosen[i] ? margin! : 0), 0)

describe('selectWithinBudget', () => {
  const margins = [0.6, 0.1, -0.2, 0.4, 0.05, 0.3]
  it.each([
    [0, [0, 0, 0, 0, 0, 0], 0],
    [0.25, [1, 0, 0, 0, 0, 0], 0.6],
    [0.5, [1, 0, 0, 1, 0, 1], 1.3],
    [0.75, [1, 1, 0, 1, 0, 1], 1.4],
    [1, [1, 1, 0, 1, 1, 1], 1.45],
  ])('q = %d has the printed choice and gain', (share, chosen, total) => {
    const found = selectWithinBudget(margins, share)
    expect(found.map(Number)).toEqual(chosen)
    expect(gain(margins, found)).toBeCloseTo(total, 14)
  })

  it('is as good as the best of all choices within the budget', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.integer({ min: -4, max: 4 }), { nil: undefined }), { maxLength: 9 }),
        fc.integer({ min: 0, max: 10 }),
        (drawn, tenths) => {
          const found = selectWithinBudget(drawn, tenths / 10)
          const capacity = Math.floor((tenths * drawn.length) / 10)
          expect(found.filter(Boolean).length).toBeLessThanOrEqual(capacity)
          found.forEach((chosen, i) => expect(chosen && !((drawn[i] ?? 0) > 0)).toBe(false))
          let best = 0
          for (let mask = 0; mask < 2 ** drawn.length; mask++) {
            const choice = drawn.map((_, i) => (mask & (1 << i)) !== 0)
            if (choice.filter(Boolean).length > capacity || choice.some((c, i) => c && drawn[i] === undefined)) continue
            best = Math.max(best, gain(drawn, choice))
          }
          expect(gain(drawn, found)).toBe(best)
        },
      ),
    )
  })

  it('counts prompts, not their rounded share', () => {
    expect(selectWithinBudget(new Array<number>(100).fill(1), 0.29).filter(Boolean)).toHaveLength(29)
    expect(selectWithinBudget([1, 1, 1], 0.5)).toEqual([true, false, false])
  })

  it('refuses what is no margin or no share', () => {
    expect(() => selectWithinBudget([NaN], 0.5)).toThrow('margins[0] must be a finite number')
    expect(() => selectWithinBudget([1], 1.5)).toThrow('share')
  })
})
