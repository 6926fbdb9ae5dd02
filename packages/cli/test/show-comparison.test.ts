import { describe, expect, it } from 'vitest'
import { textOfBlocks } from '../src/block.js'
import { comparePair, compareSeveral, compareUnpaired, compareValue, type ComparedLog } from '../src/compared.js'
import {
  comparisonBlocks,
  comparisonJson,
  comparisonNotes,
  describeMargin,
  describeVerdict,
} from '../src/show-comparison.js'
import { logOf } from './in-memory.js'

const named = async (letter: string, rows: readonly object[]): Promise<ComparedLog> => {
  return { letter, label: `${letter}: log`, log: await logOf(rows) }
}
const counts = (of: Readonly<Record<string, number>>) =>
  Object.entries(of).map(([task_id, n]) => ({ task_id, n, c: 1 }))
const verdicts = (text: string) => [...text].map((c, i) => ({ task_id: i, passed: c === '?' ? null : c === '1' }))
const [a, b] = [
  await named('A', counts({ p: 4, q: 4, r: 2, onlyA: 4 })),
  await named('B', counts({ q: 3, p: 4, x: 1, r: 4, y: 1 })),
]
const objective = 'pass@1'

describe('comparisonNotes', () => {
  it('say which tasks are left out, and why', () => {
    const comparison = comparePair([a, b], 3, { objective: 'pass@3', dropShort: true })
    expect(comparisonNotes(comparison, [a, b])).toEqual([
      '1 tasks are only in A and are left out, the first "onlyA"',
      '2 tasks are only in B and are left out, the first "x"',
      '1 common tasks have fewer than 3 samples and are left out, the first "r"',
    ])
    expect(comparisonNotes(comparePair([a, a], 1, { objective }), [a, a])).toEqual([])
  })

  it('say of each log what evaluate says: samples without a score', async () => {
    const [left, right] = [await named('A', verdicts('1101')), await named('B', verdicts('1??0'))]
    expect(comparisonNotes(comparePair([left, right], 1, { objective }), [left, right])).toEqual([
      'B: 2 of 4 samples have no score and count as failures (--unscored count-as-failure)',
    ])
  })
})

describe('comparisonJson', () => {
  it('holds the figures of two logs', () => {
    expect(comparisonJson(comparePair([a, b], 1, { objective }), 0.5)).toMatchObject({
      metric: 'pass@1',
      tasks: 3,
      a: (1 / 4 + 1 / 4 + 1 / 2) / 3,
      b: expect.closeTo((1 / 4 + 1 / 3 + 1 / 4) / 3, 15) as number,
      pValueMethod: 'exact',
      verdict: 'undecided',
      margin: 0.5,
      nonInferior: false,
      unscored: { a: 0, b: 0 },
      unscoredPolicy: 'count-as-failure',
    })
  })

  it('holds every pair of several, tasks of each side of unpaired ones, and the number that was compared with', async () => {
    const logs = await Promise.all(
      ['00000000', '00000001', '11111111'].map((text, i) => named('ABC'[i]!, verdicts(text))),
    )
    expect(comparisonJson(compareSeveral(logs, 1, { objective }), undefined)).toMatchObject({
      systems: [{ value: 0 }, { value: 0.125 }, { value: 1 }],
      pairs: [
        { a: 'A', b: 'B', pValue: 1, verdict: 'undecided' },
        { a: 'A', b: 'C', pValue: 3 / 128, verdict: 'better' },
        { a: 'B', b: 'C', pValue: 2 / 64, verdict: 'better' },
      ].map((pair) => ({ ...pair, pValue: expect.closeTo(pair.pValue, 14) as number })),
      adjustment: 'holm',
    })
    expect(comparisonJson(compareUnpaired([a, b], 1, { objective }), undefined)).toMatchObject({
      tasks: { a: 4, b: 5 },
    })
    const value = comparisonJson(compareValue([a], 0.42, 1, { objective }), undefined)
    expect(value).toMatchObject({
      a: 0.3125,
      against: 0.42,
      difference: expect.closeTo(-0.1075, 14) as number,
      pValueMethod: 'interval',
    })
    expect(value).not.toHaveProperty('b')
  })
})

const comparisonText = (...of: Parameters<typeof comparisonBlocks>): string => textOfBlocks(comparisonBlocks(...of))

describe('comparisonBlocks', () => {
  it('say where no task differs, with the interval that there is', () => {
    const same = comparePair([a, a], 1, { objective })
    const text = comparisonText(same, [a, a], undefined)
    // z²/(4 + z²): Tango's interval of four tasks of which none differs.
    expect(text).toContain('B − A              no task differs [−49.0, +49.0], n = 4, p = 1\n')
    expect(text).toContain('n = 4 tasks; 95 % interval: tango; p of the two-sided sign-flip permutation test\n')
    expect(text).toContain(
      '\nB is neither credibly better nor worse than A\ncredibly: where the interval leaves out 0 and p ≤ 0.05\n',
    )
    expect(comparisonJson(same, undefined)).toMatchObject({ difference: 0, discordant: 0, pValue: 1, tasks: 4 })
  })

  it('say how often B is better, of every pair and for programs too', async () => {
    const logs = await Promise.all(['00110', '01010', '11110'].map((text, i) => named('ABC'[i]!, verdicts(text))))
    const pair = comparePair(logs, 1, { objective })
    expect(comparisonText(pair, logs, undefined)).toMatch(
      /\nB is better than A on 1 tasks, worse on 1, equal on 3: win rate 50\.0 % \[[\d., ]+\], ties by half\n/,
    )
    expect(comparisonJson(pair, undefined)).toMatchObject({ wins: { better: 1, worse: 1, ties: 3, rate: 0.5 } })
    const several = comparisonText(compareSeveral(logs, 1, { objective }), logs, undefined)
    expect(several).toContain('\nC is better than A on 2 tasks, worse on 0, equal on 3: win rate 70.0 %')
    expect(several).toContain('\nC is better than B on 2 tasks')
  })

  it('say how p was adjusted, and that a number is taken as exact', async () => {
    const logs = await Promise.all(
      ['00000000', '00000001', '11111111'].map((text, i) => named('ABC'[i]!, verdicts(text))),
    )
    const text = comparisonText(compareSeveral(logs, 1, { objective }), logs, 0.1)
    expect(text).toContain("p adjusted for 3 comparisons by Holm's method")
    expect(text).toContain('C is credibly better than A\nC is shown to be worse than A by less than 0.1, if at all')
    const against = comparisonText(compareValue([a], 0.42, 1, { objective }), [a], undefined)
    expect(against).toContain('A − 0.42    −10.7 pp')
    expect(against).toContain('0.42 is taken as exact')
    const unpaired = comparisonText(compareUnpaired([a, b], 1, { objective }), [a, b], undefined)
    expect(unpaired).toContain('unpaired: 4 tasks of A and 5 of B are taken for different ones\n')
  })
})

describe('describeVerdict and describeMargin', () => {
  const pair = (lower: number, upper: number, pValue: number, discordant?: number) => {
    const interval = { lower, upper, level: 0.9, method: 'tango' }
    const verdict = 'undecided' as const
    return {
      a: 'A',
      b: 'B',
      difference: { difference: 0, interval, pValue, pValueMethod: 'exact' as const, verdict, tasks: 9, discordant },
    }
  }

  it('name what does not agree', () => {
    expect(describeVerdict(pair(-0.3, -0.1, 0.125, 4))).toBe(
      'B is neither credibly better nor worse than A: the interval alone leaves out 0; 4 tasks that differ are too few for p',
    )
    expect(describeVerdict(pair(-0.3, 0.1, 0.1))).toContain(': p alone is small, the interval holds 0')
    expect(describeVerdict(pair(-0.3, 0.1, 0.11))).toBe('B is neither credibly better nor worse than A')
  })

  it('say what a margin shows', () => {
    expect(describeMargin(pair(-0.019, 0.1, 1), 0.02)).toContain(
      'B is shown to be worse than A by less than 0.02, if at all',
    )
    expect(describeMargin(pair(-0.021, 0.1, 1), 0.02)).toContain('B is not shown to be worse than A by less than 0.02')
  })
})
