import { evaluateLog } from '@posttrain/logs'
import { describe, expect, it } from 'vitest'
import type { Part } from '../src/show-evaluation.js'
import { describeSuccess, successSections, successTable } from '../src/success-section.js'
import { logOf } from './in-memory.js'

const partOf = async (rows: readonly object[], group: Part['group'] = {}): Promise<Part> => {
  const log = await logOf(rows)
  return {
    group,
    log,
    evaluation: evaluateLog(log, { objectives: [log.totals.binary ? 'pass@1' : 'mean'], curve: true }),
  }
}
const counts = (...successes: readonly number[]): object[] => successes.map((c, i) => ({ task_id: i, n: 4, c }))
const rewards = (...all: readonly (readonly number[])[]): object[] =>
  all.map((own, i) => ({ task_id: i, rewards: own }))

describe('describeSuccess', () => {
  it.each([
    [
      'verdicts',
      counts(0, 4, 0, 1, 3, 0),
      'Of 6 tasks, by 4 samples each: never solved 3 (50.0 %), sometimes 2 (33.3 %), always 1 (16.7 %).',
    ],
    [
      'unequal numbers of samples',
      rewards([0, 0, 0], [1, 1]),
      'Of 2 tasks, by 2 to 3 samples each: never solved 1 (50.0 %), sometimes 0 (0.0 %), always 1 (50.0 %).',
    ],
    [
      'one sample of each task',
      rewards([0], [1], [0]),
      'Of 3 tasks, by one sample each: not solved 2 (66.7 %), solved 1 (33.3 %).',
    ],
    [
      'tries until the first success',
      rewards([0, 1], [1], [0, 0, 1], [0, 0, 0], [1], [0, 1], [0, 0, 0], [0, 0, 1]),
      'Of 8 tasks, by the first sample of each: not solved 6 (75.0 %), solved 2 (25.0 %).',
    ],
    [
      'shares',
      rewards([0, 0], [0.5, 1], [1, 1]),
      'Of 3 tasks, by 2 samples each: mean reward 0 1 (33.3 %), between 1 (33.3 %), mean reward 1 1 (33.3 %).',
    ],
    [
      'one task',
      counts(2),
      'Of 1 task, by 4 samples each: never solved 0 (0.0 %), sometimes 1 (100.0 %), always 0 (0.0 %).',
    ],
  ])('says of %s what was never and what was always solved', async (_, rows, text) => {
    expect(describeSuccess(await partOf(rows))).toBe(text)
  })
})

describe('successSections', () => {
  it('draws one log, with the sentence', async () => {
    const sections = successSections([await partOf(counts(0, 4, 2))])
    expect(sections).toHaveLength(1)
    expect(sections[0]).toMatchObject({
      kind: 'chart',
      title: 'Tasks by success',
      text: 'Of 3 tasks, by 4 samples each: never solved 1 (33.3 %), sometimes 1 (33.3 %), always 1 (33.3 %).',
      charts: [
        {
          title: 'pass@1 of each task, sorted',
          description: 'pass@1 of each task, sorted. pass@1: 3 tasks, lowest 0.0 %, median 50.0 %, highest 100.0 %.',
        },
      ],
    })
  })

  it('draws groups as lines of one chart, with a table', async () => {
    const parts = [await partOf(counts(0, 4, 2), { model: 'm1' }), await partOf(counts(4, 4), { model: null })]
    const [chart, table] = successSections(parts)
    expect(chart).toMatchObject({ text: '' })
    expect(chart).toHaveProperty('charts.0.data.columns.1.header', 'm1')
    expect(chart).toHaveProperty('charts.0.data.columns.2.header', 'none')
    expect(table).toEqual({ kind: 'table', table: successTable(parts) })
    expect(successTable(parts)).toEqual({
      columns: [
        { header: 'model' },
        ...['tasks', 'never solved', 'sometimes', 'always'].map((header) => ({ header, align: 'right' })),
      ],
      rows: [
        [{ text: 'm1', note: 'by 4 samples each' }, '3', '1 (33.3 %)', '1 (33.3 %)', '1 (33.3 %)'],
        [{ text: 'none', note: 'by 4 samples each' }, '2', '0 (0.0 %)', '0 (0.0 %)', '2 (100.0 %)'],
      ],
    })
  })

  it('says nothing of solved tasks where rewards have no bounds', async () => {
    const part = await partOf(rewards([-1, 3], [2, 0]))
    expect(successSections([part])).toMatchObject([
      { text: '', charts: [{ title: 'mean reward of each task, sorted', spec: { title: 'mean reward' } }] },
    ])
    expect(successSections([part, part].map((one, i) => ({ ...one, group: { run: String(i) } })))).toHaveLength(1)
  })

  it('draws the first 18 of many groups, and says so', async () => {
    const part = await partOf(counts(0, 4))
    const [chart] = successSections(Array.from({ length: 20 }, (_, i) => ({ ...part, group: { seed: String(i) } })))
    expect(chart).toMatchObject({ text: 'The chart has the first 18 of 20.' })
    expect(chart).toHaveProperty('charts.0.data.columns.length', 19)
  })
})
