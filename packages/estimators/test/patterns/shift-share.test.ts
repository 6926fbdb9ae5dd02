import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createStream, sum, type RandomStream } from '@posttrain/core'
import { countPatterns, shiftShare, studentInterval, type PatternCounts } from '@posttrain/estimators'
import { countsOf } from './counts.js'

/** A task's samples: patterns a to d or none, with any reward. */
const counts = fc
  .array(
    fc.record({
      pattern: fc.constantFrom('a', 'b', 'c', 'd', undefined),
      reward: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: -5, max: 5, noNaN: true })),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map(countPatterns)
const pairs = fc.array(fc.tuple(counts, counts), { minLength: 2, maxLength: 6 })
const splitOf = (tasks: readonly (readonly [PatternCounts, PatternCounts])[], level?: number) =>
  shiftShare(
    tasks.map(([before]) => before),
    tasks.map(([, after]) => after),
    { level },
  )

describe('shiftShare', () => {
  it('splits the change exactly, pattern by pattern too', () => {
    fc.assert(
      fc.property(pairs, (tasks) => {
        const { change, selection, execution, lead, patterns } = splitOf(tasks)
        expect(selection.value + execution.value).toBeCloseTo(change.difference, 12)
        expect(lead.value).toBe(selection.value - execution.value)
        expect(sum(patterns.map((one) => one.selection))).toBe(selection.value)
        for (const { shareBefore, shareAfter, successBefore = 0, successAfter = 0, ...terms } of patterns) {
          const moved = shareAfter * successAfter - shareBefore * successBefore
          expect(terms.selection + terms.execution).toBeCloseTo(moved, 12)
        }
        expect(sum(patterns.map(({ shareBefore }) => shareBefore))).toBeCloseTo(1, 12)
        expect(sum(patterns.map(({ shareAfter }) => shareAfter))).toBeCloseTo(1, 12)
      }),
      { seed: 1 },
    )
  })

  it('is turned round when before and after are exchanged', () => {
    fc.assert(
      fc.property(pairs, (tasks) => {
        const [there, back] = [splitOf(tasks), splitOf(tasks.map(([before, after]) => [after, before] as const))]
        expect(back.selection.value).toBeCloseTo(-there.selection.value, 12)
        expect(back.execution.interval.lower).toBeCloseTo(-there.execution.interval.upper, 9)
      }),
      { seed: 2 },
    )
  })

  it('leaves everything to execution where no share moves, and to selection where no success does', () => {
    const before = [countsOf({ a: [2, 1], b: [6, 3] }), countsOf({ a: [4, 1], b: [4, 2] })]
    const better = [countsOf({ a: [2, 2], b: [6, 6] }), countsOf({ a: [4, 3], b: [4, 4] })]
    expect(shiftShare(before, better)).toMatchObject({ selection: { value: 0 }, change: { difference: 0.5 } })
    const [rare, often] = [countsOf({ a: [1, 1], b: [7, 0] }), countsOf({ a: [6, 6], b: [2, 0] })]
    const moved = shiftShare([rare, rare], [often, often])
    expect(moved.execution.value).toBe(0)
    expect(moved.selection.value).toBe(0.625)
  })

  it('counts a new pattern, and one that is gone, as selection', () => {
    const { selection, execution, patterns } = shiftShare(
      [countsOf({ old: [4, 1] }), countsOf({ old: [4, 1] })],
      [countsOf({ new: [4, 4] }), countsOf({ new: [4, 2] })],
    )
    expect([selection.value, execution.value]).toEqual([0.5, 0])
    expect(patterns).toEqual([
      expect.objectContaining({ pattern: 'old', successBefore: 0.25, successAfter: undefined, selection: -0.25 }),
      expect.objectContaining({ pattern: 'new', successBefore: undefined, successAfter: 0.75, selection: 0.75 }),
    ])
  })

  it('has, where an effect is a mean over tasks, the t interval of that mean', () => {
    // One pattern: execution is the whole change.
    const before = [1, 2, 0, 3].map((right) => countsOf({ a: [4, right] }))
    const after = [2, 4, 1, 3].map((right) => countsOf({ a: [4, right] }))
    const { execution, selection } = shiftShare(before, after, { level: 0.9 })
    const expected = studentInterval([0.25, 0.5, 0.25, 0], { level: 0.9 })
    expect(execution.interval.lower).toBeCloseTo(expected.lower, 12)
    expect(execution.interval.upper).toBeCloseTo(expected.upper, 12)
    expect(execution.interval.method).toBe('jackknife-t')
    expect(selection).toMatchObject({ value: 0, interval: { lower: 0, upper: 0 } })
  })

  it('holds the truth about as often as it says, on 40 tasks of 8 samples', () => {
    // 1,000 evaluations: a coverage of 0.95 is seen to ±0.0207 (three standard errors). Seed 3.
    const stream = createStream(3, 'coverage')
    const runs = 1000
    let [selected, executed] = [0, 0]
    for (let run = 0; run < runs; run++) {
      const tasks = Array.from({ length: 40 }, () => drawnPair(stream))
      const { selection, execution } = splitOf(tasks)
      if (selection.interval.lower <= TRUE_SELECTION && TRUE_SELECTION <= selection.interval.upper) selected++
      if (execution.interval.lower <= TRUE_EXECUTION && TRUE_EXECUTION <= execution.interval.upper) executed++
    }
    expect(Math.abs(selected / runs - 0.95)).toBeLessThan(0.0207)
    expect(Math.abs(executed / runs - 0.95)).toBeLessThan(0.0207)
  })

  it('refuses sides of other tasks, and one task', () => {
    const one = countsOf({ a: [1, 1] })
    expect(() => shiftShare([one, one], [one])).toThrow('after')
    expect(() => shiftShare([one], [one])).toThrow('at least 2 tasks')
    expect(() => shiftShare([one, one], [one, new Map()])).toThrow('after[1] has no samples')
  })
})

/** Shares of two patterns differ by ±0.2 between tasks around 0.3 before and 0.6 after; success as in the two rows. */
const [SHARES, SUCCESS] = [
  [0.3, 0.6],
  [
    [0.7, 0.2],
    [0.8, 0.3],
  ],
] as const
const TRUE_SELECTION = 0.3 * 0.75 - 0.3 * 0.25
const TRUE_EXECUTION = 0.45 * 0.1 + 0.55 * 0.1

function drawnPair(stream: RandomStream): [PatternCounts, PatternCounts] {
  const tilt = stream.uniform() < 0.5 ? -0.2 : 0.2
  const side = (at: 0 | 1): PatternCounts =>
    countPatterns(
      Array.from({ length: 8 }, () => {
        const isA = stream.uniform() < SHARES[at] + tilt
        return { pattern: isA ? 'a' : 'b', reward: Number(stream.uniform() < SUCCESS[at][isA ? 0 : 1]) }
      }),
    )
  return [side(0), side(1)]
}
