import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { evaluateLog, readLog } from '@posttrain/logs'
import { afterAll, expect, it } from 'vitest'
import { evaluationReport } from '../src/evaluation-report.js'
import { posttrainHere } from './in-process.js'
import { emptyFolder } from './posttrain.js'
import { ReportTasks } from '../src/report-tasks.js'
import type { Part } from '../src/show-evaluation.js'

const cwd = emptyFolder()
afterAll(() => rmSync(cwd, { recursive: true }))

const headings = (page: string): string[] => [...page.matchAll(/<h2>(.*?)<\/h2>/g)].map((match) => match[1]!)

/** Tasks of a log with a prompt and two topics, every sample with its tokens. */
const rows = (samples: number): string[] =>
  Array.from({ length: 6 * samples }, (_, i) => {
    const task = Math.floor(i / samples)
    const own = { completion: `text ${i}`, reward: Number(i % 7 < task), tokens: 100 + i }
    return JSON.stringify({ task_id: `t${task}`, prompt: `prompt ${task}`, topic: `topic ${task % 2}`, ...own })
  })

async function pageOf(
  lines: readonly string[],
  asked: { tag?: string; cost?: string[]; detect?: number },
): Promise<string> {
  const { detect, ...fields } = asked
  const listed = new ReportTasks()
  const log = await readLog({ lines }, { fields, onRow: (row) => listed.add(row) })
  const parts: Part[] = [{ group: {}, log, evaluation: evaluateLog(log, { curve: true, detect }) }]
  const gate =
    detect === undefined ? undefined : { passed: false, text: 'pass@1 is not shown to be at least 0.9', checks: [] }
  return evaluationReport(parts, { title: 'log', listed, notes: ['a note'], settings: { detect }, gate })
}

it('has a section for everything that was asked, what decides first', async () => {
  const page = await pageOf(rows(4), { tag: 'topic', cost: ['tokens'], detect: 0.1 })
  expect(headings(page)).toEqual([
    'Gate failed',
    'Estimates',
    'Tasks and samples',
    'pass@k',
    'Tasks by success',
    'By tag',
    'tokens of a sample',
    'What would show a difference',
    'Task by task',
    'Settings',
  ])
  expect(page).toContain('<p class="subtitle">24 samples of 6 tasks</p>')
  expect(page).toContain('<p>pass@1 is not shown to be at least 0.9</p>')
  expect(page).toContain('<p>a note</p>')
  expect(page).toContain('All 24 samples of the log.')
  expect(page.match(/<svg/g)).toHaveLength(2)
})

it('has no section for what was not asked, nor a curve of one k', async () => {
  expect(headings(await pageOf(rows(1), {}))).toEqual([
    'Estimates',
    'Tasks and samples',
    'Tasks by success',
    'Task by task',
    'Settings',
  ])
  const counted = await pageOf(['{"task_id":"a","n":2,"c":1}', '{"task_id":"b","n":2,"c":0}'], {})
  expect(headings(counted)).not.toContain('Task by task')
})

it('reports groups as systems of one list, with every option that was given', async () => {
  const rows = ['m1', 'm2'].flatMap((model, m) =>
    ['a', 'b', 'c'].map((task_id, t) => ({ task_id, model, prompt: `of ${task_id}`, reward: Number(t > m) })),
  )
  const [log, report] = [join(cwd, 'models.jsonl'), join(cwd, 'models.html')]
  writeFileSync(log, rows.map((row) => JSON.stringify(row)).join('\n'))
  const asked = ['--group-by', 'model', '--at-least', 'pass@1=0.01', '--detect', '0.1']
  const { stderr } = await posttrainHere(['evaluate', log, ...asked, '--report', report])
  expect(stderr).toMatch(/^gate: pass@1 of model m1 is shown to be at least 0.01:/)
  const page = readFileSync(report, 'utf8')
  const data = JSON.parse(/data-part="data">(.*?)<\/script>/s.exec(page)![1]!) as {
    texts: string[]
    tasks: { id: number[] }
    samples: { label: number[] }
  }
  expect(data.tasks.id.map((place) => data.texts[place])).toEqual(['a', 'b', 'c'])
  const labels = data.samples.label.map((place) => data.texts[place])
  expect(labels).toEqual(['m1', 'm2', 'm1', 'm2', 'm1', 'm2'])
  expect(page).toContain('<p class="subtitle">6 samples in 2 groups</p>')
  expect(page).toContain('<h2>Gate passed</h2>')
  for (const [option, value] of [
    ['groupBy', '[&quot;model&quot;]'],
    ['atLeast.pass@1', '0.01'],
    ['detect', '0.1'],
  ]) {
    expect(page).toContain(`<th scope="row" class="left">${option}</th>\n<td class="left">${value}</td>`)
  }
})
