import { symmetricObjective } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import { evaluateLog, type EvaluateLogOptions } from '../src/evaluate-log.js'
import type { TaskLog } from '../src/task-log.js'
import { logOf, samplesOf } from './in-memory.js'

type Rules = Omit<EvaluateLogOptions, 'objectives'>

function figures(log: TaskLog, objectives?: readonly string[], rules: Rules = {}): Record<string, number> {
  const { measured } = evaluateLog(log, { ...rules, objectives })
  return Object.fromEntries(measured.map(({ estimate }) => [estimate.name, estimate.value]))
}
const PASS_1_2 = ['pass@1', 'pass@2', 'pass^1', 'pass^2']

describe('evaluateLog, by hand', () => {
  const counts = logOf([
    { task_id: 'a', n: 4, c: 2 },
    { task_id: 'b', n: 4, c: 0 },
  ])

  it('pass@k and pass^k', () => {
    // a: of the six pairs one has no correct sample, and one has two.
    const expected = { 'pass@1': 1 / 4, 'pass@2': 5 / 12, 'pass^1': 1 / 4, 'pass^2': 1 / 12 }
    const found = figures(counts, PASS_1_2)
    expect(Object.keys(found)).toEqual(Object.keys(expected))
    for (const [name, value] of Object.entries(expected)) expect(found[name]).toBeCloseTo(value, 15)
  })

  it('the three shapes of a log give the same', () => {
    const grouped = logOf([
      { task_id: 'a', rewards: [0, 1, 1, 0] },
      { task_id: 'b', rewards: [0, 0, 0, 0] },
    ])
    const sampled = logOf([...samplesOf('b', [0, 0, 0, 0]), ...samplesOf('a', [0, 1, 1, 0])])
    for (const log of [grouped, sampled]) expect(figures(log, PASS_1_2)).toEqual(figures(counts, PASS_1_2))
  })

  it('G-Pass@k, agreement and votes weighed by the proxy', () => {
    const log = logOf([
      { task_id: 'a', rewards: [1, 1, 0, 1], answers: ['x', 'x', 'y', 'x'], proxies: [1, 1, 5, 1] },
      { task_id: 'b', rewards: [0, 1, 0, 0], answers: ['z', 'x', 'z', 'z'], proxies: [1, 1, 1, 1] },
    ])
    const found = figures(log, ['G-Pass@4_0.75', 'mG-Pass@4', 'agreement', 'weighted-maj@4', 'borda@4^0', 'mean'])
    expect(found['G-Pass@4_0.75']).toBe(0.5) // a has 3 of 4
    expect(found['mG-Pass@4']).toBe(0.25) // at least 3 of 4: a; all of 4: none
    expect(found['agreement']).toBeCloseTo(0.5, 15) // 3 of 6 pairs in either
    expect(found['weighted-maj@4']).toBe(0) // 5 against 3 for the wrong one
    expect(found['borda@4^0']).toBe(0.5) // the plain vote: 3 against 1 for the right one in a
    expect(found['mean']).toBe(0.5)
  })

  it('votes that weigh need proxies, and answers', () => {
    const log = logOf([
      { task_id: 'a', rewards: [1, 0], answers: ['x', 'y'] },
      { task_id: 'b', rewards: [1, 0], answers: ['x', 'y'] },
    ])
    expect(() => figures(log, ['weighted-maj@2'])).toThrow('weighted-maj@2 needs proxies, but no sample has one')
    const silent = logOf([...samplesOf('a', [1, 0]), ...samplesOf('b', [1, 0])])
    expect(() => figures(silent, ['agreement'])).toThrow('agreement needs answers, but no sample has one')
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
    expect(figures(votes, ['maj@2'], rules)['maj@2']).toBeCloseTo(expected, 14)
  })

  it('best-of-n by the proxy, and by the reward where there is none', () => {
    const rows = [
      { task_id: 'a', rewards: [0.2, 0.8, 0.5], proxies: [3, 2, 1] },
      { task_id: 'b', rewards: [-1, 2, 0], proxies: [0, 0, 0] },
    ]
    // a: pairs choose 0.2, 0.2, 0.8; b: the proxy says nothing, so the mean.
    expect(figures(logOf(rows), ['best-of-2'])['best-of-2']).toBeCloseTo((1.2 / 3 + 1 / 3) / 2, 15)
    const plain = logOf(rows.map(({ proxies: _, ...row }) => row))
    // a: 0.8, 0.5, 0.8; b: 2, 0, 2.
    expect(figures(plain, ['best-of-2'])['best-of-2']).toBeCloseTo((2.1 / 3 + 4 / 3) / 2, 15)
  })

  it('unscored samples count as failures, are left out, or are refused, and are always reported', () => {
    const log = logOf([...samplesOf('a', [1, null, 0, 1]), ...samplesOf('b', [1, 1])])
    expect(figures(log, ['pass@1'])['pass@1']).toBe((2 / 4 + 1) / 2)
    expect(figures(log, ['pass@1'], { unscored: 'exclude' })['pass@1']).toBeCloseTo((2 / 3 + 1) / 2, 15)
    expect(() => figures(log, ['pass@1'], { unscored: 'throw' })).toThrow(
      expect.objectContaining({
        code: 'unscored',
        message: 'log.jsonl, line 2: a sample has no score (1 of 6 have none)',
        hint: 'score them, or choose unscored: count-as-failure or exclude',
      }),
    )
    const { estimate } = evaluateLog(log, { objectives: ['pass@1'], unscored: 'exclude' }).measured[0]!
    expect(estimate).toMatchObject({ unscored: 1, unscoredPolicy: 'exclude', samplesPerTask: { min: 2, max: 3 } })
  })

  it('an unscored sample still votes, and can still be chosen', () => {
    const log = logOf([
      { task_id: 'a', rewards: [null, null, 1], answers: ['x', 'x', 'y'], proxies: [3, 2, 1] },
      { task_id: 'b', rewards: [1, 1, 0], answers: ['x', 'x', 'y'], proxies: [1, 1, 0] },
    ])
    const names = ['maj@3', 'best-of-2']
    // a: x wins and is worth 0; of the three pairs the best proxy is unscored. b: x wins and is worth 1, chosen always.
    expect(figures(log, names)).toEqual({ 'maj@3': 0.5, 'best-of-2': 0.5 })
    const excluded = figures(log, ['maj@1', 'best-of-1'], { unscored: 'exclude' })
    expect(excluded['maj@1']).toBeCloseTo((1 + 2 / 3) / 2, 15)
    expect(excluded['best-of-1']).toBeCloseTo((1 + 2 / 3) / 2, 15)
  })

  it('measures any objective, also one that no name stands for', () => {
    const log = logOf([...samplesOf('a', [3, 1, 2]), ...samplesOf('b', [5, 5, 5])])
    const worst = symmetricObjective({
      name: 'worst of 2',
      k: 2,
      f: (outcomes) => Math.min(...outcomes.map(({ reward }) => reward)),
    })
    const { measured } = evaluateLog(log, { objectives: [worst, 'max@2', 'mean'] })
    const found = measured.map(({ estimate: { name, value } }) => [name, value])
    // a: of the three pairs the worst are 1, 2 and 1, the best 3, 3 and 2.
    expect(found).toEqual([
      ['worst of 2', expect.closeTo((4 / 3 + 5) / 2, 14)],
      ['max@2', expect.closeTo((8 / 3 + 5) / 2, 14)],
      ['mean', 3.5],
    ])
  })

  it('passes level and seed on to the intervals', () => {
    const wide = logOf(['a', 'b', 'c', 'd', 'e'].flatMap((id, i) => samplesOf(id, [i * i, 3])))
    const interval = (rules: Rules): object =>
      evaluateLog(wide, { ...rules, objectives: ['mean'] }).measured[0]!.estimate.interval
    expect(interval({ level: 0.5 })).toMatchObject({ level: 0.5, method: 'bootstrap-bca' })
    expect(interval({})).toEqual(interval({ level: 0.95, seed: 0 }))
    expect(interval({ seed: 1 })).not.toEqual(interval({ seed: 0 }))
  })

  it('by default measures k = 1, 8, 64 as far as every task goes', () => {
    const log = logOf([
      { task_id: 'a', n: 100, c: 1 },
      { task_id: 'b', n: 8, c: 1 },
    ])
    expect(Object.keys(figures(log))).toEqual(['pass@1', 'pass@8', 'pass^1', 'pass^8'])
    const four = logOf([...samplesOf('a', [1, 0, 0, 1]), ...samplesOf('b', [0, 0, 0, 1, 0])])
    expect(Object.keys(figures(four))).toEqual(['pass@1', 'pass@4', 'pass^1', 'pass^4'])
    expect(Object.keys(figures(logOf([...samplesOf('a', [1]), ...samplesOf('b', [0])])))).toEqual(['pass@1', 'pass^1'])
  })

  it('one task has an estimate, and no interval', () => {
    const { estimate } = evaluateLog(logOf(samplesOf('a', [1, 0, 1])), { objectives: ['pass@2'] }).measured[0]!
    expect(estimate).toEqual({
      name: 'pass@2',
      value: 1,
      interval: { lower: NaN, upper: NaN, level: 0.95, method: 'none, since one task shows no spread' },
      tasks: 1,
      samplesPerTask: { min: 3, max: 3 },
      unscored: 0,
      unscoredPolicy: 'count-as-failure',
    })
  })

  it('the curve goes through the powers of two up to the fewest samples', () => {
    const { curve, byTask } = evaluateLog(counts, { objectives: ['pass@1'], curve: true })
    expect(curve.map(({ estimate }) => estimate.name)).toEqual(['pass@1', 'pass@2', 'pass@4'])
    expect(curve[2]!.estimate.value).toBe(0.5)
    expect([...byTask]).toEqual([0.5, 0])
    const continuous = logOf([...samplesOf('a', [0.5, 2]), ...samplesOf('b', [0, 1])])
    const best = evaluateLog(continuous, { objectives: ['best-of-1'], curve: true })
    expect(best.curve.map(({ estimate }) => estimate.value)).toEqual([0.875, 1.5])
    expect(best.curve.map(({ objective }) => objective.k)).toEqual([1, 2])
    expect([...best.byTask]).toEqual([1.25, 0.5])
    const without = evaluateLog(counts, { objectives: ['pass@1'] })
    expect([without.curve, [...without.byTask]]).toEqual([[], []])
  })
})

describe('evaluateLog refuses', () => {
  it('an empty list, and a name that stands for nothing', () => {
    expect(() => figures(uneven, [])).toThrow('objectives is empty')
    expect(() => figures(uneven, ['pass'])).toThrow("the objective 'pass' is unknown")
  })

  const uneven = logOf(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((id, i) => ({ task_id: id, n: 2 * (i + 1), c: 1 })))

  it('k > n, naming the tasks and the choices', () => {
    expect(() => figures(uneven, ['pass@1', 'pass@14'])).toThrow(
      expect.objectContaining({
        message:
          'pass@14 needs 14 samples per task, but 6 of 8 tasks have fewer: "a" (2), "b" (4), "c" (6), "d" (8), "e" (10) and 1 more',
        hint: 'lower K to at most 2, draw more samples, or leave these tasks out with dropShort: true',
      }),
    )
  })

  it('but with dropShort measures every metric on the tasks that remain, and says which do not', () => {
    const objectives = ['pass@1', 'pass@14', 'pass^1', 'pass^14']
    const { measured, leftOut } = evaluateLog(uneven, { objectives, dropShort: true })
    expect(measured.map(({ estimate }) => estimate.tasks)).toEqual([2, 2, 2, 2])
    expect(measured[0]!.estimate.value).toBeCloseTo((1 / 14 + 1 / 16) / 2, 15)
    expect(leftOut).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
    expect(() => figures(uneven, ['pass@17'], { dropShort: true })).toThrow(
      expect.objectContaining({ message: 'no task is left: 0 of 8 have the samples for pass@17' }),
    )
  })

  it('rewards that are neither right nor wrong, votes without answers, proxies that some lack', () => {
    const half = logOf([...samplesOf('a', [1, 0.5]), ...samplesOf('b', [1, 1])])
    expect(() => figures(half, ['pass@1'])).toThrow(
      expect.objectContaining({
        message: 'pass@1 cannot be estimated for task "a": it has the reward 0.5, which is neither 0 nor 1',
        hint: 'say from which score on a sample is correct with threshold:, or ask for the best reward of K samples with best-of-K',
      }),
    )
    expect(() => figures(half, ['maj@2'])).toThrow('maj@2 needs answers, but no sample has one')
    expect(() => figures(uneven, ['best-of-2'])).toThrow(
      'best-of-2 cannot be estimated for task "a": it has only counts',
    )
    const some = logOf([{ task_id: 'a', rewards: [1], proxies: [1] }, ...samplesOf('b', [1])])
    expect(() => figures(some, ['best-of-1'])).toThrow(
      'best-of-1 cannot be estimated for task "b": it has samples without a proxy',
    )
  })
})
