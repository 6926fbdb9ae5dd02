import { evaluateLog, readLog } from '@posttrain/logs'
import type { Cell } from '@posttrain/report'
import { expect, it } from 'vitest'
import type { Part } from '../src/show-evaluation.js'
import { tagTable } from '../src/tag-table.js'

const textOf = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.text)

/** Tasks of three topics: of algebra 2, of geometry 1 and of logic 3 of 4 samples are right. */
const rows = [
  ...[1, 3].map((c) => ({ topic: 'algebra', n: 4, c })),
  { topic: 'geometry', n: 4, c: 1 },
  ...[2, 3, 4].map((c) => ({ topic: 'logic', n: 4, c })),
].map((row, i) => JSON.stringify({ task_id: i, ...row }))

const partOf = async (tag: string | undefined, group: Part['group'] = {}): Promise<Part> => {
  const log = await readLog({ lines: rows }, { fields: { tag } })
  return { group, log, evaluation: evaluateLog(log, { objectives: ['pass@1', 'pass@4'] }) }
}

it('has every tag with its tasks, the mean over tags and all tasks', async () => {
  const { columns, rows: cells, note } = tagTable([await partOf('topic')])!
  expect(columns.map(({ header }) => header)).toEqual(['tag', 'tasks', 'pass@1', 'pass@4'])

  expect(cells.map((row) => row.map(textOf))).toEqual([
    ['algebra', '2', '50.0 %', '100.0 %'],
    ['geometry', '1', '25.0 %', '100.0 %'],
    ['logic', '3', '75.0 %', '100.0 %'],
    ['mean over tags', '6', '50.0 %', '100.0 %'],
    ['all tasks', '6', '58.3 %', '100.0 %'],
  ])
  const [algebra, geometry] = cells.map(([, , passAt1]) => passAt1)
  expect(algebra).toMatchObject({ detail: expect.stringMatching(/^\[\d+\.\d, \d+\.\d\]$/) as string, note: undefined })
  expect(geometry).toMatchObject({ detail: 'no interval' })
  expect(note).toMatch(/^95 % intervals over tasks: .*score.*none, since one task shows no spread.*every tag alike\.$/)
})

it('names the group of each row, and is none without tags', async () => {
  const parts = [await partOf('topic', { model: 'm1' }), await partOf('topic', { model: 'm2' })]
  const { columns, rows: cells } = tagTable(parts)!
  expect(columns[0]!.header).toBe('model, tag')
  expect(cells.map(([label]) => textOf(label!)).filter((label) => label.endsWith('all tasks'))).toEqual([
    'm1, all tasks',
    'm2, all tasks',
  ])
  expect(tagTable([await partOf(undefined)])).toBeUndefined()
})
