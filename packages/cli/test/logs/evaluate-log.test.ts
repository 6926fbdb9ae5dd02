import { describe, expect, it } from 'vitest'
import { evaluateLog, type Asked } from '../../src/logs/evaluate-log.js'
import type { TaskLog } from '../../src/logs/task-log.js'
import { DEFAULTS, logOf, samplesOf } from './in-memory.js'

type Rules = Parameters<typeof evaluateLog>[2]

function figures(log: TaskLog, asked: Asked, rules: Partial<Rules> = {}): Record<string, number> {
  const { measured } = evaluateLog(log, asked, { ...DEFAULTS, ...rules }, false)
  return Object.fromEntries(measured.map(({ estimate }) => [estimate.name, estimate.value]))
}
const notes = (log: TaskLog, asked: Asked, rules: Partial<Rules> = {}): readonly string[] =>
  evaluateLog(log, asked, { ...DEFAULTS, ...rules }, false).notes

describe('evaluateLog, by hand', () => {
  const counts = logOf([
    { task_id: 'a', n: 4, c: 2 },
    { task_id: 'b', n: 4, c: 0 },
  ])

  it('pass@k and pass^k', () => {
    // a: of the six pairs one has no correct sample, and one has two.
    const expected = { 'pass@1': 1 / 4, 'pass@2': 5 / 12, 'pass^1': 1 / 4, 'pass^2': 1 / 12 }
    const found = figures(counts, { k: [1, 2] })
    expect(Object.keys(found)).toEqual(Object.keys(expected))
    for (const [name, value] of Object.entries(expected)) expect(found[name]).toBeCloseTo(value, 15)
  })

  it('the three shapes of a log give the same', () => {
    const grouped = logOf([
      { task_id: 'a', rewards: [0, 1, 1, 0] },
      { task_id: 'b', rewards: [0, 0, 0, 0] },
    ])
    const sampled = logOf([...samplesOf('b', [0, 0, 0, 0]), ...samplesOf('a', [0, 1, 1, 0])])
    for (const log of [grouped, sampled]) expect(figures(log, { k: [1, 2] })).toEqual(figures(counts, { k: [1, 2] }))
  })

  const votes = logOf([
    { task_id: 'a', rewards: [0, 1, 1, 0], answers: ['x', 'y', 'y', null] },
    { task_id: 'b', rewards: [1, 0, 0, 0], answers: ['x', 'z', 'z', 'z'] },
  ])
  it.each([
    // a: xy xy x– yy y– y–; b: xz three times, zz three times.
    [{}, ((0.5 + 0.5 + 0 + 1 + 1 + 1) / 6 + (3 * 0.5) / 6) / 2],
    [{ ties: 'strict' }, ((0 + 0 + 0 + 1 + 1 + 1) / 6 + 0) / 2],
    [{ ties: 'first' }, ((0 + 0 + 0 + 1 + 1 + 1) / 6 + 3 / 6) / 2],
    [{ unparsed: 'vote' }, ((0.5 + 0.5 + 0 + 1 + 0.5 + 0.5) / 6 + 1.5 / 6) / 2],
    [{ unparsed: 'wrong' }, ((0.5 + 0.5 + 0 + 1 + 0.5 + 0.5) / 6 + 1.5 / 6) / 2],
  ] as const)('maj@2 with %j', (rules, expected) => {
    expect(figures(votes, { vote: [2] }, rules)['maj@2']).toBeCloseTo(expected, 14)
  })

  it('best-of-n by the proxy, and by the reward where there is none', () => {
    const rows = [
      { task_id: 'a', rewards: [0.2, 0.8, 0.5], proxies: [3, 2, 1] },
      { task_id: 'b', rewards: [-1, 2, 0], proxies: [0, 0, 0] },
    ]
    // a: pairs choose 0.2, 0.2, 0.8; b: the proxy says nothing, so the mean.
    expect(figures(logOf(rows), { bestOf: [2] })['best-of-2']).toBeCloseTo((1.2 / 3 + 1 / 3) / 2, 15)
    const plain = logOf(rows.map(({ proxies: _, ...row }) => row))
    // a: 0.8, 0.5, 0.8; b: 2, 0, 2.
    expect(figures(plain, { bestOf: [2] })['best-of-2']).toBeCloseTo((2.1 / 3 + 4 / 3) / 2, 15)
    expect(notes(plain, { bestOf: [2] })).toEqual(['the log has no proxies: best-of-N chooses by the reward itself'])
  })

  it('unscored samples count as failures, are left out, or are refused, and are always reported', () => {
    const log = logOf([...samplesOf('a', [1, null, 0, 1]), ...samplesOf('b', [1, 1])])
    expect(figures(log, { k: [1] })['pass@1']).toBe((2 / 4 + 1) / 2)
    expect(figures(log, { k: [1] }, { unscored: 'exclude' })['pass@1']).toBeCloseTo((2 / 3 + 1) / 2, 15)
    expect(notes(log, { k: [1] })).toEqual([
      '1 of 6 samples have no score and count as failures (--unscored count-as-failure)',
    ])
    expect(notes(log, { k: [1] }, { unscored: 'exclude' })[0]).toContain('are left out (--unscored exclude)')
    expect(() => figures(log, { k: [1] }, { unscored: 'throw' })).toThrow(
      'log.jsonl, line 2: a sample has no score (1 of 6',
    )
    const { estimate } = evaluateLog(log, { k: [1] }, { ...DEFAULTS, unscored: 'exclude' }, false).measured[0]!
    expect(estimate).toMatchObject({ unscored: 1, denominator: 'exclude', samplesPerTask: { min: 2, max: 3 } })
  })

  it('by default measures k = 1, 8, 64 as far as every task goes, and says so', () => {
    const log = logOf([
      { task_id: 'a', n: 100, c: 1 },
      { task_id: 'b', n: 8, c: 1 },
    ])
    expect(Object.keys(figures(log, {}))).toEqual(['pass@1', 'pass@8', 'pass^1', 'pass^8'])
    expect(notes(log, {})).toEqual(['no metric was asked for (--k, --vote, --best-of): these are --k 1,8'])
  })

  it('the curve goes through the powers of two up to the fewest samples', () => {
    const { curve } = evaluateLog(counts, { k: [1] }, DEFAULTS, true)
    expect(curve.map(({ estimate }) => estimate.name)).toEqual(['pass@1', 'pass@2', 'pass@4'])
    expect(curve[2]!.estimate.value).toBe(0.5)
    const continuous = logOf([...samplesOf('a', [0.5, 2]), ...samplesOf('b', [0, 1])])
    expect(
      evaluateLog(continuous, { bestOf: [1] }, DEFAULTS, true).curve.map(({ estimate }) => estimate.value),
    ).toEqual([0.875, 1.5])
  })
})

describe('evaluateLog refuses', () => {
  const uneven = logOf(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((id, i) => ({ task_id: id, n: 2 * (i + 1), c: 1 })))

  it('k > n, naming the tasks and the choices', () => {
    expect(() => figures(uneven, { k: [1, 14] })).toThrow(
      expect.objectContaining({
        message:
          'pass@14 needs 14 samples per task, but 6 of 8 tasks have fewer: "a" (2), "b" (4), "c" (6), "d" (8), "e" (10) and 1 more',
        hint: 'lower K to at most 2, draw more samples, or leave these tasks out with --drop-short',
      }),
    )
  })

  it('but with --drop-short measures every metric on the tasks that remain, and says so', () => {
    const { measured, notes } = evaluateLog(uneven, { k: [1, 14] }, { ...DEFAULTS, dropShort: true }, false)
    expect(measured.map(({ estimate }) => estimate.tasks)).toEqual([2, 2, 2, 2])
    expect(measured[0]!.estimate.value).toBeCloseTo((1 / 14 + 1 / 16) / 2, 15)
    expect(notes).toEqual(['6 of 8 tasks have fewer than 14 samples and are left out of every figure'])
    expect(() => figures(uneven, { k: [16] }, { dropShort: true })).toThrow('but 1 of 8 have the samples for pass@16')
  })

  it('a single task, rewards that are neither right nor wrong, votes without answers, proxies that some lack', () => {
    expect(() => figures(logOf(samplesOf('a', [1, 0])), { k: [1] })).toThrow(
      'needs at least 2 tasks, but the log has 1',
    )
    const half = logOf([...samplesOf('a', [1, 0.5]), ...samplesOf('b', [1, 1])])
    expect(() => figures(half, { k: [1] })).toThrow(
      expect.objectContaining({
        message: 'pass@1 cannot be had of task "a": it has the reward 0.5, which is neither 0 nor 1',
        hint: expect.stringContaining('--best-of K') as string,
      }),
    )
    expect(() => figures(half, { vote: [2] })).toThrow('maj@2 needs answers, but no sample has one')
    expect(() => figures(uneven, { bestOf: [2] })).toThrow('best-of-2 cannot be had of task "a": it has only counts')
    const some = logOf([{ task_id: 'a', rewards: [1], proxies: [1] }, ...samplesOf('b', [1])])
    expect(() => figures(some, { bestOf: [1] })).toThrow(
      'best-of-1 cannot be had of task "b": it has samples without a proxy',
    )
  })
})
