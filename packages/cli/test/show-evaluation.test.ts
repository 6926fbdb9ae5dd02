import { evaluateLog, type LogEvaluation, type TaskLog } from '@posttrain/logs'
import { describe, expect, it } from 'vitest'
import * as show from '../src/show-evaluation.js'
import { logOf } from './in-memory.js'

/** The one part of a log that nothing was grouped by. */
const only = (evaluation: LogEvaluation, log: TaskLog): readonly [show.Part] => [{ group: {}, log, evaluation }]
const evaluationNotes = (evaluation: LogEvaluation, log: TaskLog, byDefault: boolean): string[] =>
  show.evaluationNotes(only(evaluation, log), byDefault)

const unscored = await logOf([
  { task_id: 'a', rewards: [1, null, 0, 1] },
  { task_id: 'b', rewards: [1, 1] },
])
const uneven = await logOf(
  ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((task_id, i) => ({ task_id, n: 2 * (i + 1), c: 1 })),
)

describe('evaluationNotes', () => {
  it('say what became of unscored samples', () => {
    const notes = (policy?: 'exclude'): string[] =>
      evaluationNotes(evaluateLog(unscored, { objectives: ['pass@1'], unscored: policy }), unscored, false)
    expect(notes()).toEqual(['1 of 6 samples have no score and count as failures (--unscored count-as-failure)'])
    expect(notes('exclude')).toEqual(['1 of 6 samples have no score and are left out (--unscored exclude)'])
  })

  it('say what best-of-N chooses by, where that is the reward', async () => {
    const rows = [
      { task_id: 'a', rewards: [0.2, 0.8], proxies: [3, 2] },
      { task_id: 'b', rewards: [-1, 2], proxies: [0, 0] },
    ]
    const notes = async (all: readonly object[]): Promise<string[]> => {
      const log = await logOf(all)
      return evaluationNotes(evaluateLog(log, { objectives: ['best-of-2'] }), log, false)
    }
    expect(await notes(rows)).toEqual([])
    expect(await notes(rows.map(({ proxies: _, ...row }) => row))).toEqual([
      'the log has no proxies: best-of-N chooses by the reward itself',
    ])
  })

  it('say what was measured where nothing was asked for', async () => {
    const log = await logOf([
      { task_id: 'a', n: 100, c: 1 },
      { task_id: 'b', n: 8, c: 1 },
    ])
    expect(evaluationNotes(evaluateLog(log), log, true)).toEqual([
      'no metric was asked for (--k, --vote, --best-of, --metric): these are --k 1,8',
    ])
  })

  it('say how many tasks were left out', () => {
    const evaluation = evaluateLog(uneven, { objectives: ['pass@1', 'pass@14'], dropShort: true })
    expect(evaluationNotes(evaluation, uneven, false)).toEqual([
      '6 of 8 tasks have fewer than 14 samples and are left out of every figure',
    ])
  })
})

it('a column is a metric whatever its k, and a metric without k has its name', async () => {
  const log = await logOf(['a', 'b'].map((task_id) => ({ task_id, rewards: [1, 0, 1, 1], answers: [...'xyxx'] })))
  const objectives = ['mean', 'agreement', 'G-Pass@2_0.75', 'G-Pass@4_0.5', 'mG-Pass@4', 'best-of-2']
  const { measured } = evaluateLog(log, { objectives })
  expect(measured.map(show.columnOf)).toEqual([
    'mean',
    'agreement',
    'G-Pass@k_0.75',
    'G-Pass@k_0.5',
    'mG-Pass@k',
    'best-of-k',
  ])
})

it('a table has a row for each k and a column for each kind of metric', () => {
  const names = ['pass@2', 'pass@1', 'pass^2']
  const { columns, rows } = show.evaluationTable(only(evaluateLog(uneven, { objectives: names }), uneven))
  expect(columns.map(({ header }) => header)).toEqual(['k', 'pass@k', 'pass^k'])
  expect(rows).toHaveLength(2)
})

describe('of a log that was read as groups', () => {
  const parts = ['m1', null].map((model, i): show.Part => {
    const log = i === 0 ? unscored : uneven
    return { group: { model }, log, evaluation: evaluateLog(log, { objectives: ['pass@1'] }) }
  })

  it('each has its rows, figures and notes', () => {
    const { columns, rows } = show.evaluationTable(parts)
    expect(columns.map(({ header }) => header)).toEqual(['model, k', 'pass@k'])
    expect(rows.map(([label]) => label)).toEqual(['m1, 1', 'none, 1'])
    expect(show.evaluationJson(parts)).toMatchObject({
      groups: [
        { group: { model: 'm1' }, tasks: 2 },
        { group: { model: null }, tasks: 8 },
      ],
    })
    expect(show.evaluationNotes(parts, true)).toEqual([
      'no metric was asked for (--k, --vote, --best-of, --metric): these are --k 1',
      'm1: 1 of 6 samples have no score and count as failures (--unscored count-as-failure)',
    ])
  })
})

it('the figures for programs name each metric as it was asked for', () => {
  const json = show.evaluationJson(only(evaluateLog(unscored, { objectives: ['pass@1', 'best-of-2'] }), unscored))
  expect(json).toMatchObject({
    tasks: 2,
    samples: 6,
    unscored: 1,
    unscoredPolicy: 'count-as-failure',
    metrics: [
      { name: 'pass@1', estimate: 0.75, tasks: 2 },
      { name: 'best-of-2', estimate: expect.closeTo((5 / 6 + 1) / 2, 14) as number, tasks: 2 },
    ],
  })
})

it('no two groups have one label', () => {
  const groups = [
    [[], ''],
    [['m1'], 'm1'],
    [['large, thinking'], 'large, thinking'],
    [[null], 'none'],
    [['none'], '"none"'],
    [['"none"'], '"\\"none\\""'],
    [[''], '""'],
    [['m1', undefined], 'm1, none'],
    [['large, thinking', '0.7'], '"large, thinking", 0.7'],
    [['large', 'thinking, 0.7'], 'large, "thinking, 0.7"'],
  ] as const
  expect(groups.map(([values]) => show.labelOfValues(values))).toEqual(groups.map(([, label]) => label))
  expect(new Set(groups.map(([, label]) => label)).size).toBe(groups.length)
})
