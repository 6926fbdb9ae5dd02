import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allocateBudget, passValues, type BudgetDemand } from '@posttrain/sampling'

/** Optima that exhaustive search has found. */
interface Vector {
  readonly name: string
  readonly rates: readonly number[]
  readonly costs?: readonly number[]
  readonly budget: number
  readonly floor?: number
  readonly cap?: number | null
  readonly allocation: readonly number[]
  readonly total: number
}
const vectors = JSON.parse(readFileSync(new URL('../vectors/votes-and-budgets.json', import.meta.url), 'utf8')) as {
  readonly allocation: readonly Vector[]
  readonly costs: readonly Vector[]
  readonly majority: readonly { readonly p: number; readonly values: readonly number[] }[]
}
const total = (demands: readonly BudgetDemand[], samples: readonly number[]): number =>
  demands.reduce((sum, { values }, i) => sum + values[samples[i]!]!, 0)

it.each([...vectors.allocation, ...vectors.costs])('$name', ({ rates, costs, budget, floor = 0, cap, ...known }) => {
  const demands = rates.map((p, i) => ({ values: passValues(p, cap ?? budget), floor, cost: costs?.[i] }))
  const samples = allocateBudget(demands, budget)
  expect(samples).toEqual(known.allocation)
  expect(total(demands, samples)).toBeCloseTo(known.total, 12)
})

/** The best of all ways to share, by trying each. */
function exhaustive(demands: readonly BudgetDemand[], budget: number): number {
  const from = (task: number, left: number): number => {
    const demand = demands[task]
    if (!demand) return 0
    let best = -Infinity
    const { values, cost = 1, floor = 0 } = demand
    for (let k = floor; k < values.length && k * cost <= left; k++) {
      best = Math.max(best, values[k]! + from(task + 1, left - k * cost))
    }
    return best
  }
  return from(0, budget)
}

describe('sharing a budget', () => {
  const demand = fc.record({
    values: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 5 }).map((steps) => {
      let sum = 0
      return [0, ...steps.map((step) => (sum += step))]
    }),
    cost: fc.integer({ min: 1, max: 4 }),
    floor: fc.integer({ min: 0, max: 1 }),
  })

  it('is the best of all ways, and never spends more', () => {
    fc.assert(
      fc.property(
        fc.array(demand, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 16, max: 24 }),
        (demands, budget) => {
          const samples = allocateBudget(demands, budget)
          expect(total(demands, samples)).toBe(exhaustive(demands, budget))
          const cost = samples.reduce((sum, k, i) => sum + k * demands[i]!.cost, 0)
          expect(cost).toBeLessThanOrEqual(budget)
          samples.forEach((k, i) => expect(k).toBeGreaterThanOrEqual(demands[i]!.floor))
        },
      ),
    )
  })

  it('by gains is the programme, where both can be asked', () => {
    const rates = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 4 })
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 12 }), (all, budget) => {
        const demands = all.map((p) => ({ values: passValues(p, budget) }))
        const free = { values: [0, 1e-9], cost: budget + 1 } // never fits, and keeps the easy way from being taken
        const byProgramme = allocateBudget([...demands, free], budget).slice(0, -1)
        expect(total(demands, allocateBudget(demands, budget))).toBeCloseTo(total(demands, byProgramme), 9)
      }),
    )
  })

  it('gives votes pairs of samples, for every second one is worth nothing', () => {
    const { values } = vectors.majority[0]!
    expect(values[2]).toBeCloseTo(values[1]!, 12)
    expect(allocateBudget([{ values }, { values }], 8)).toEqual([5, 3])
    expect(allocateBudget([{ values }], 4)).toEqual([3])
  })

  it.each([
    [[{ values: [] }], 3, 'has no values'],
    [[{ values: [0, 1, 0.5] }], 3, 'is worth less with 2 samples than with 1'],
    [[{ values: [0, NaN] }], 3, 'demands[0].values[1]'],
    [[{ values: [0, 1], cost: 0.5 }], 3, 'demands[0].cost'],
    [[{ values: [0, 1], floor: 2 }], 3, 'demands[0].floor'],
    [[{ values: [0, 1], floor: 1, cost: 4 }], 3, 'the floors cost 4, but the budget is 3'],
    [[{ values: [0, 1] }], -1, 'budget'],
    [[{ values: [0, 1, 3] }, { values: passValues(0.5, 100), cost: 2 }], 1e8, 'too many'],
  ])('refuses %j within %d', (demands, budget, message) => {
    expect(() => allocateBudget(demands, budget)).toThrow(message)
  })

  it('of nobody is nothing', () => {
    expect(allocateBudget([], 5)).toEqual([])
  })
})
