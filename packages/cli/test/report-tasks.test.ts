import { readLog, type LogRow } from '@posttrain/logs'
import { expect, it } from 'vitest'
import { ReportTasks } from '../src/report-tasks.js'

/** What a report lists of a log of these rows. */
async function listed(rows: readonly object[]): Promise<ReportTasks> {
  const tasks = new ReportTasks()
  await readLog({ lines: rows.map((row) => JSON.stringify(row)) }, { onRow: (row) => tasks.add(row) })
  return tasks
}

it('lists samples by task, with what the log says of them', async () => {
  const list = await listed([
    { task_id: 'a', prompt: '1+1', reference: '2', completion: 'two', answer: 2, reward: 1 },
    { task_id: 'b', reference: [3], rewards: [0, null, 0.5], samples: ['x', 'y', 'z'], proxies: [7, null, null] },
    { task_id: 'a', completion: 'three', reward: 0 },
  ])
  expect(list.tasks).toEqual([
    {
      id: 'a',
      prompt: '1+1',
      reference: '2',
      samples: [
        { completion: 'two', verdict: 'correct', reward: 1, answer: '2' },
        { completion: 'three', verdict: 'wrong', reward: 0 },
      ],
    },
    {
      id: 'b',
      reference: '[3]',
      samples: [
        { completion: 'x', verdict: 'wrong, proxy 7', reward: 0 },
        { completion: 'y', verdict: 'not scored' },
        { completion: 'z', verdict: 'partly right', reward: 0.5 },
      ],
    },
  ])
  expect(list.describe(5)).toBe('All 5 samples of the log.')
})

it('says what it leaves out: counted samples, and all behind the first 100,000', async () => {
  const counted = await listed([
    { task_id: 'a', n: 8, c: 1 },
    { task_id: 'b', reward: 1 },
  ])
  expect(counted.tasks.map(({ id }) => id)).toEqual(['b'])
  expect(counted.describe(9)).toBe('Samples that the log only counts have no entry.')
  const half = Array.from({ length: 60_000 }, (_, i) => i % 2)
  const long = await listed(['a', 'b', 'c'].map((task_id) => ({ task_id, rewards: half })))
  expect(long.tasks.map(({ samples }) => samples.length)).toEqual([60_000, 40_000])
  expect(long.describe(180_000)).toBe('The first 100000 of 180000 samples of the log.')
})

it('ends before its texts are longer than a page can be', async () => {
  const long = 'x'.repeat(7_000_000)
  const rows = ['a', 'b', 'c', 'd', 'e', 'f'].map((task_id) => ({
    task_id,
    prompt: task_id,
    completion: long,
    reward: 1,
  }))
  const list = await listed(rows)
  expect(list.tasks.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd'])
  expect(list.describe(6)).toBe('The first 4 of 6 samples of the log.')
  expect(list.isWhole(6)).toBe(false)
})

it('keeps the systems of a task apart, and tasks of one id that ask different things', () => {
  const row = (prompt: string | undefined, completion: string): LogRow => ({
    ...{
      taskId: 'a',
      reference: undefined,
      question: undefined,
      cluster: undefined,
      tag: undefined,
      weight: undefined,
    },
    ...{ shape: 'sample', number: undefined, prompt },
    samples: [{ reward: 1, answer: undefined, placeholder: false, proxy: undefined, completion }],
  })
  const list = new ReportTasks()
  list.add(row('1+1', 'x'), 'm1')
  list.add(row('1+1', 'y'), 'm2')
  list.add(row('2+2', 'z'), 'm2')
  list.add(row(undefined, 'u'), 'm3')
  expect(
    list.tasks.map(({ prompt, samples }) => [prompt, ...samples.map((one) => `${one.label}: ${one.completion}`)]),
  ).toEqual([
    ['1+1', 'm1: x', 'm2: y', 'm3: u'],
    ['2+2', 'm2: z'],
  ])
})

it('shares its length between the logs of a comparison', () => {
  const rewards = new Array<number>(60_000).fill(1)
  return readLog(
    { lines: [JSON.stringify({ task_id: 'a', rewards })] },
    {
      onRow: (row) => {
        const half = new ReportTasks(2)
        half.add(row)
        expect(half.tasks[0]!.samples).toHaveLength(50_000)
        expect(half.describe(60_000)).toBe('The first 50000 of 60000 samples of the log.')
      },
    },
  )
})
