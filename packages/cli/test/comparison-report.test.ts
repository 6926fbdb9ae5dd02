import { readLog } from '@posttrain/logs'
import { expect, it } from 'vitest'
import {
  comparePair,
  compareSeveral,
  compareUnpaired,
  compareValue,
  type Compared,
  type ComparedLog,
} from '../src/compared.js'
import { comparisonReport } from '../src/comparison-report.js'
import { ReportTasks } from '../src/report-tasks.js'
import { comparisonBlocks } from '../src/show-comparison.js'

const options = { objective: 'pass@1' }
const headings = (page: string): string[] => [...page.matchAll(/<h2>(.*?)<\/h2>/g)].map((match) => match[1]!)
/** What the script of the page lists. */
const listedIn = (page: string): { texts: string[]; tasks: { id: number[] } } =>
  JSON.parse(/data-part="data">(.*?)<\/script>/s.exec(page)![1]!) as { texts: string[]; tasks: { id: number[] } }

interface Listed extends ComparedLog {
  readonly listed: ReportTasks
}

/** A log of a sample for each verdict, `1` or `0`; `n` is a task that is only counted, and wrong. */
async function logOf(letter: string, verdicts: string): Promise<Listed> {
  const listed = new ReportTasks()
  const lines = [...verdicts].map((verdict, i) => {
    const sample = { reward: Number(verdict), completion: `${letter} says ${i}`, prompt: `prompt ${i}` }
    return JSON.stringify({ task_id: `t${i}`, ...(verdict === 'n' ? { n: 1, c: 0 } : sample) })
  })
  const log = await readLog({ lines }, { onRow: (row) => listed.add(row) })
  return { letter, label: `${letter}: log`, log, listed }
}

const pageOf = (compared: Compared, logs: readonly Listed[], notes: readonly string[] = []): Promise<string> => {
  const blocks = comparisonBlocks(compared, logs, undefined)
  const settings = { metric: 'pass@1' }
  const listed = logs.map((log) => log.listed)
  return comparisonReport({ title: 'a comparison', notes, blocks, figures: {} }, compared, logs, { listed, settings })
}

it('has the tasks of two logs that differ, with the texts of both', async () => {
  const logs = [await logOf('A', '110100'), await logOf('B', '101110')]
  const page = await pageOf(comparePair(logs, 1, options), logs, ['a note'])
  expect(headings(page)).toEqual([
    ...['What it shows', 'Estimates', 'Differences', 'Notes', 'Differences by task'],
    ...['Tasks that differ', 'Settings'],
  ])
  expect(page).toContain('<h1>Comparison by pass@1</h1>')
  expect(page).toContain('<p class="subtitle">A: log · B: log</p>')
  expect(page).toContain('B is neither credibly better nor worse than A')
  expect(page).toContain(
    '<p>Of 6 tasks B is better than A on 2 (33.3 %), worse on 1 (16.7 %), equal on 3 (50.0 %).</p>',
  )
  expect(page).toContain('<p>3 of 6 tasks differ by pass@1; the furthest apart come first.</p>')
  const { texts, tasks } = listedIn(page)
  expect(tasks.id.map((place) => texts[place])).toEqual(['t1', 't2', 't4'])
  expect(texts).toEqual(expect.arrayContaining(['prompt 1', 'A: log', 'B: log', 'A says 1', 'B says 1']))
  expect(texts).not.toContain('A says 0')
})

it('says so where no task differs, and where no sample is here', async () => {
  const same = [await logOf('A', '1101'), await logOf('B', '1101')]
  const page = await pageOf(comparePair(same, 1, options), same)
  expect(page).toContain('<p>None of 4 tasks differs by pass@1.</p>')
  expect(headings(page)).not.toContain('Differences by task')
  const counted = [await logOf('A', '11'), await logOf('B', 'nn')]
  const half = await pageOf(comparePair(counted, 1, options), counted)
  expect(half).toContain('<p>2 of 2 tasks differ by pass@1; the furthest apart come first.</p>')
  expect(half).toContain('<p>B: Samples that the log only counts have no entry.</p>')
  const none = counted.map((log) => ({ ...log, listed: new ReportTasks() }))
  const without = await pageOf(comparePair(none, 1, options), none)
  expect(without).toContain('<p>Of 2 of them no sample is here.</p>')
  expect(without).not.toContain('<script')
})

it('compares several logs with the first, and lists what any two differ in', async () => {
  const logs = [await logOf('A', '11010'), await logOf('B', '10110'), await logOf('C', '10010')]
  const page = await pageOf(compareSeveral(logs, 1, options), logs)
  expect(page).toContain('p adjusted for 3 comparisons by Holm&#39;s method')
  expect(page).toContain('<p>Of 5 tasks C is better than A on 0 (0.0 %), worse on 1 (20.0 %), equal on 4 (80.0 %).</p>')
  expect(page).not.toContain('C is better than B on 0 (')
  expect(page).toContain('<p>2 of 5 tasks differ by pass@1; the furthest apart come first.</p>')
  expect(page.match(/<svg/g)).toHaveLength(1)
})

it('has only the figures where systems are not on the same tasks', async () => {
  const logs = [await logOf('A', '1101'), await logOf('B', '0101')]
  const sections = ['What it shows', 'Estimates', 'Differences', 'Settings']
  expect(headings(await pageOf(compareUnpaired(logs, 1, options), logs))).toEqual(sections)
  const [only] = logs as [Listed]
  expect(headings(await pageOf(compareValue([only], 0.4, 1, options), [only]))).toEqual(sections)
})
