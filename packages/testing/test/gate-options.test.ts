import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requireGate } from '../src/gate-options.js'

const refusal = (call: () => unknown): unknown => {
  try {
    call()
  } catch (error) {
    const { message, hint } = error as { message: string; hint?: string }
    return hint === undefined ? message : [message, hint]
  }
  return undefined
}

describe('a gate that cannot be passed is refused', () => {
  it('with the number of runs and the bound that could', () => {
    expect(refusal(() => requireGate({ atLeast: { 'pass@8': 0.999 } }, 8))).toBeUndefined()
    expect(refusal(() => requireGate({ atLeast: { 'pass@2': 0.9 } }, 2))).toEqual([
      '2 runs cannot show that pass@2 is at least 0.9 at level 0.95, even if all pass',
      'choose n of at least 10, or a bound of at most 0.2912', // 1 − (1 − √0.025)²
    ])
    expect(refusal(() => requireGate({ atLeast: { 'pass^4': 0.9 } }, 20))).toEqual([
      '20 runs cannot show that pass^4 is at least 0.9 at level 0.95, even if all pass',
      'choose n of at least 141, or a bound of at most 0.4781', // 0.025^(4/20)
    ])
  })

  it('with the fewest that could, and none fewer', () => {
    const metric = fc
      .tuple(fc.constantFrom('pass@', 'pass^'), fc.integer({ min: 1, max: 5 }))
      .map((parts) => parts.join(''))
    const bound = fc.double({ min: 0.05, max: 0.95, noNaN: true })
    fc.assert(
      fc.property(metric, bound, fc.double({ min: 0.5, max: 0.99, noNaN: true }), (name, least, level) => {
        const refused = (n: number): unknown => refusal(() => requireGate({ atLeast: { [name]: least }, level }, n))
        const [, hint] = (refused(5) ?? []) as string[]
        if (hint === undefined) return
        const fewest = Number(/at least (\d+)/.exec(hint)![1])
        expect(refused(fewest)).toBeUndefined()
        expect(refused(fewest - 1)).toBeDefined()
      }),
    )
  })

  it('with the number of tasks that could, where there are several', () => {
    expect(refusal(() => requireGate({ atLeast: { 'pass@1': 0.9 } }, 4, 10))).toEqual([
      '10 tasks cannot show that pass@1 is at least 0.9 at level 0.95, even if all runs pass',
      'evaluate at least 38 tasks, or choose a lower bound',
    ])
    expect(refusal(() => requireGate({ atLeast: { 'pass@1': 0.9 } }, 4, 38))).toBeUndefined()
  })
})

it.each([
  [{ atLeast: {} }, 8, 'atLeast must name a metric, but is an object'],
  [{ atLeast: { 'pass@8': 1 } }, 8, "atLeast['pass@8'] must be a finite number above 0 and below 1, but is 1"],
  [{ atLeast: { 'pass@8': 0 } }, 8, "atLeast['pass@8'] must be a finite number above 0 and below 1, but is 0"],
  [{ atLeast: { 'pass@9': 0.5 } }, 8, 'pass@9 needs at least 9 runs, but n is 8'],
  [{ atLeast: { 'pass@8': 0.5 }, level: 95 }, 8, 'level must be a finite number above 0 and below 1, but is 95'],
  [{ atLeast: { 'pass@8': 0.5 } }, 8.5, 'n must be an integer of at least 1, but is 8.5'],
] as const)('%j with %d runs is refused', (options, n, message) => {
  expect(() => requireGate(options as { atLeast: Record<string, number> }, n)).toThrow(message)
})

it('has defaults that are said', () => {
  expect(requireGate({ atLeast: { 'pass@1': 0.5 } }, 10)).toMatchObject({ level: 0.95, unscored: 'count-as-failure' })
})
