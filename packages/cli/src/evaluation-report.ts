import { curveChart, renderHtmlReport, settingsTable, type ReportSection } from '@posttrain/report'
import type { ReportTasks } from './report-tasks.js'
import { columnOf, evaluationTable, labelOf, unitOf, type Part } from './show-evaluation.js'

/** What an HTML page says beside the figures. */
interface PageSettings {
  readonly title: string
  /** What the log has of samples, for a list of all of them. */
  readonly listed: ReportTasks
  readonly notes: readonly string[]
  readonly settings: object
}

/** The same figures, with the curve over k, as one HTML page. */
export function evaluationReport(
  parts: readonly Part[],
  { title, listed, notes, settings }: PageSettings,
): Promise<string> {
  const metric = columnOf(parts[0]!.evaluation.curve[0]!)
  const samples = parts.reduce((sum, { log }) => sum + log.totals.samples, 0)
  const tasks = parts.reduce((sum, { log }) => sum + log.size, 0)
  const list: ReportSection = {
    kind: 'tasks',
    title: 'Task by task',
    text: listed.describe(samples),
    tasks: listed.tasks,
  }
  const series = parts.map((part) => ({
    name: labelOf(part) || metric,
    points: part.evaluation.curve.map(({ objective: { k }, estimate: { value, interval } }) => {
      return { k, value, ...(Number.isNaN(interval.lower) ? {} : { interval }) } // of one task there is none
    }),
  }))
  return renderHtmlReport({
    title,
    subtitle: `${samples} samples of ${tasks} tasks`,
    sections: [
      { kind: 'table', title: 'Estimates', text: notes.join('\n\n'), table: evaluationTable(parts) },
      { kind: 'chart', title: metric, charts: [curveChart({ series, metric, unit: unitOf(parts) })] },
      ...(listed.tasks.length > 0 ? [list] : []),
      { kind: 'table', title: 'Settings', table: settingsTable(settings) },
    ],
    footer: 'posttrain evaluate',
  })
}
