import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bestWithinBudget, type Choice } from '../../src/compute-optimal/best-within-budget.js'

const choice = fc.record({ value: fc.integer({ min: 0, max: 20 }), cost: fc.integer({ min: 0, max: 10 }) })
const lists = fc.array(fc.array(choice, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 })

/** All ways to take one of each list. */
const everyWay = (of: readonly (readonly Choice[])[]): number[][] =>
  of.reduce<number[][]>((ways, choices) => ways.flatMap((way) => choices.map((_, i) => [...way, i])), [[]])

const total = (of: readonly (readonly Choice[])[], picks: readonly number[], key: 'value' | 'cost'): number =>
  picks.reduce((sum, pick, list) => sum + of[list]![pick]![key], 0)

describe('bestWithinBudget', () => {
  it('takes what enumeration takes: the greatest value within the budget, and the cheapest of those', () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: 0, max: 40 }), (of, budget) => {
        const within = everyWay(of).filter((picks) => total(of, picks, 'cost') <= budget)
        if (within.length === 0) {
          expect(() => bestWithinBudget(of, budget)).toThrow(`but the budget is ${budget}`)
          return
        }
        const best = Math.max(...within.map((picks) => total(of, picks, 'value')))
        const ofBest = within.filter((picks) => total(of, picks, 'value') === best)
        const picks = bestWithinBudget(of, budget)
        expect(total(of, picks, 'value')).toBe(best)
        expect(total(of, picks, 'cost')).toBe(Math.min(...ofBest.map((way) => total(of, way, 'cost'))))
      }),
    )
  })

  it('moves compute to where it is worth most, which no equal share does', () => {
    const easy = [1, 4].map((cost) => ({ value: 0.9, cost }))
    const hard = [1, 4, 7].map((cost) => ({ value: 0.1 * cost, cost }))
    expect(bestWithinBudget([easy, hard], 8)).toEqual([0, 2])
  })
})
