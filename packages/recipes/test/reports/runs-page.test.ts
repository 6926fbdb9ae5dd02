import { expect, it } from 'vitest'
import { renderTable } from '@posttrain/report'
import { renderRunsReport, reportRuns, runsDifferenceTable, runsTable } from '../../src/index.js'
import { finishedRun, runsFolder } from '../support/finished-run.js'

it('is one page with the verdict first, every chart, and the same bytes again', async () => {
  const root = runsFolder()
  const correct = (variant: string, task: number): number => (variant === 'checkpoint' ? task % 3 : 2 + (task % 5))
  const run = (seed: number): Promise<string> =>
    finishedRun(root, {
      name: `<run> ${seed}`,
      choices: { heldOutTasks: 10, samplesPerTask: 8, steps: 3, seed, algorithms: ['mean', 'pass@4'] },
      correct,
    })
  const report = reportRuns([await run(1), await run(2), await run(3)])
  const page = await renderRunsReport(report)
  expect(await renderRunsReport(reportRuns(report.runs.map(({ path }) => path)))).toBe(page)
  const headings = [...page.matchAll(/<h2>([^<]*)<\/h2>/g)].map(([, title]) => title)
  expect(headings).toEqual([
    'What it shows',
    'What to mind',
    'Objective × metric',
    'Paired differences',
    'pass@k',
    'Training',
    'Settings',
    'Environment and wall time',
  ])
  expect(page.match(/<svg /g)).toHaveLength(5)
  expect(page).toContain('<h1>Game of 24: 3 runs</h1>')
  expect(page).toContain('&lt;run&gt; 1 · &lt;run&gt; 2')
  expect(page).not.toMatch(/<run>|https?:\/\/(?!www\.w3\.org)/)
  const [comparison] = report.comparisons
  expect(renderTable(runsTable(comparison!))).toContain('trained for pass@4, mean of 3 seeds')
  expect(renderTable(runsTable(comparison!))).toContain('95 % interval: student-t over 3 seeds and the tasks')
  expect(renderTable(runsDifferenceTable(comparison!)!)).toContain("p is adjusted by Holm's method for the 3 pairs")
})
