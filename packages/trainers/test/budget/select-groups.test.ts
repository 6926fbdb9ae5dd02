import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { selectGroups, type Budget } from '../../src/budget/select-groups.js'
import { selectWithinBudget } from '../../src/budget/select-within-budget.js'

type Rewards = readonly (readonly (number | undefined)[])[]
const total = (rewards: Rewards, chosen: readonly (number | undefined)[]): number =>
  chosen.reduce((sum: number, g, x) => sum + (g === undefined ? 0 : rewards[x]![g]!), 0)
const affordable = (chosen: readonly (number | undefined)[], budgets: readonly Budget[]): boolean =>
  budgets.every(({ groups, share }) => {
    const used = chosen.filter((g) => g !== undefined && groups.includes(g)).length
    return used <= Math.floor(share * chosen.length + 1e-9)
  })

/** The best total over all ways to give each prompt one of the groups it knows, or none. */
function bruteForce(rewards: Rewards, budgets: readonly Budget[]): number {
  const groups = rewards[0]?.length ?? 0
  let best = -Infinity
  for (let code = 0; code < (groups + 1) ** rewards.length; code++) {
    const chosen = rewards.map((row, x) => {
      const g = Math.floor(code / (groups + 1) ** x) % (groups + 1)
      return g === groups || row[g] === undefined ? undefined : g
    })
    if (affordable(chosen, budgets)) best = Math.max(best, total(rewards, chosen))
  }
  return best
}

describe('selectGroups', () => {
  const rewards = [
    [0.5, 1],
    [1, 1],
    [0, 0.5],
  ]
  it.each([
    [0, 1.5],
    [1 / 3, 2],
    [2 / 3, 2.5],
    [1, 2.5],
  ])('q = %d has the printed value', (share, value) => {
    const chosen = selectGroups(rewards, [{ groups: [1], share }])
    expect(total(rewards, chosen)).toBeCloseTo(value, 14)
    expect(chosen[1]).toBe(0) // a tie goes to the cheaper group
  })

  it('is the best of all choices for several budgets, crossing ones among them', () => {
    const row = fc.array(fc.option(fc.integer({ min: 0, max: 8 }), { nil: undefined, freq: 6 }), {
      minLength: 3,
      maxLength: 3,
    })
    const budget = fc.record({
      groups: fc.constantFrom([1], [2], [1, 2], [0, 2], [0, 1, 2]),
      share: fc.constantFrom(0, 0.2, 0.25, 0.5, 0.75, 1),
    })
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 5 }),
        fc.array(budget, { minLength: 1, maxLength: 3 }),
        (eighths, budgets) => {
          const drawn = eighths.map((values) => values.map((value) => (value === undefined ? undefined : value / 8)))
          const chosen = selectGroups(drawn, budgets)
          expect(affordable(chosen, budgets)).toBe(true)
          chosen.forEach((g, x) => expect(g === undefined || drawn[x]![g] !== undefined).toBe(true))
          expect(total(drawn, chosen)).toBeCloseTo(bruteForce(drawn, budgets), 12)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('is the greedy choice for one budget', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 })), {
          minLength: 1,
          maxLength: 120,
        }),
        fc.constantFrom(0, 0.25, 0.5, 0.75, 1),
        (eighths, share) => {
          const drawn = eighths.map((pair) => pair.map((value) => value / 8))
          const greedy = selectWithinBudget(
            drawn.map(([a, b]) => b! - a!),
            share,
          ).map(Number)
          const chosen = selectGroups(drawn, [{ groups: [1], share }])
          expect(total(drawn, chosen)).toBeCloseTo(total(drawn, greedy), 12)
          expect(chosen.filter((g) => g === 1)).toHaveLength(greedy.filter(Boolean).length)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('leaves out a prompt whose groups are unknown or unaffordable, and answers others however low the reward', () => {
    expect(selectGroups([[undefined, 1], [undefined, 1]], [{ groups: [1], share: 0.5 }])).toContain(undefined) // prettier-ignore
    expect(selectGroups([[-3, -2]], [{ groups: [1], share: 0 }])).toEqual([0])
    expect(selectGroups([], [])).toEqual([])
  })

  it('maximises rewards below 0 against what a prompt without an answer is worth, the worst of them', () => {
    const row = fc.array(fc.option(fc.integer({ min: -8, max: 4 }), { nil: undefined, freq: 6 }), {
      minLength: 3,
      maxLength: 3,
    })
    const budgets = fc.constantFrom<Budget[]>(
      [{ groups: [1, 2], share: 0.25 }],
      [{ groups: [0], share: 0.5 }, { groups: [1], share: 0.5 }, { groups: [2], share: 0.25 }], // prettier-ignore
    )
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), budgets, (drawn, limits) => {
        const worst = Math.min(0, ...drawn.flat().map((reward) => reward ?? 0))
        const shifted = drawn.map((values) => values.map((value) => (value === undefined ? undefined : value - worst)))
        const chosen = selectGroups(drawn, limits)
        expect(affordable(chosen, limits)).toBe(true)
        expect(total(shifted, chosen)).toBeCloseTo(bruteForce(shifted, limits), 12)
        // Nobody is left without an answer that the budgets have left.
        chosen.forEach((g, x) => {
          const others = chosen.map((other, y) => (y === x ? undefined : other))
          const could = drawn[x]!.some(
            (value, c) => value !== undefined && affordable(others.map((o, y) => (y === x ? c : o)), limits), // prettier-ignore
          )
          expect(g === undefined && could).toBe(false)
        })
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  it.each([5e-8, 1e-12, 2 ** -53])('gives up no gain of %d for a cheaper group', (gain) => {
    const half = [{ groups: [1], share: 1 }]
    expect(selectGroups([[0.5, 0.5 + gain]], half)).toEqual([1])
    expect(selectGroups([[-1, -1 + gain], [0.25, 0.25]], half)).toEqual([1, 0]) // prettier-ignore
    expect(selectGroups([[1e-9, 3e-9], [0, 1e-9]], [{ groups: [1], share: 0.5 }])).toEqual([1, 0]) // prettier-ignore
  })

  it('gives ties to the cheaper group, also where an optimum is found with a dearer one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 3, maxLength: 3 }), {
          minLength: 1,
          maxLength: 6,
        }),
        (drawn) => {
          const chosen = selectGroups(drawn, [{ groups: [1, 2], share: 0.5 }])
          chosen.forEach((g, x) => {
            const cheaper = drawn[x]!.slice(0, g).indexOf(drawn[x]![g!]!)
            expect(cheaper).toBe(-1)
          })
        },
      ),
      { seed: 1 },
    )
  })

  it('refuses malformed problems', () => {
    expect(() => selectGroups([[0, 1], [0]], [])).toThrow('rewards[1] has 1 groups, but rewards[0] has 2')
    expect(() => selectGroups([[0, NaN]], [])).toThrow('rewards[0][1]')
    expect(() => selectGroups([[0, 1]], [{ groups: [], share: 1 }])).toThrow('budgets[0] names no group')
    expect(() => selectGroups([[0, 1]], [{ groups: [2], share: 1 }])).toThrow('a group of budgets[0]')
    for (const share of [-0.1, 1.1, NaN]) {
      expect(() => selectGroups([[0, 1]], [{ groups: [1], share }])).toThrow(
        `the share of budgets[0] must be a finite number from 0 to 1, but is ${share}`,
      )
    }
  })
})
