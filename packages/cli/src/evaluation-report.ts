import { curveChart, renderHtmlReport, settingsTable, type ReportSection, type Table } from '@posttrain/report'
import { describeDrawn, DRAWN } from './drawn-parts.js'
import { gateSections } from './gate-section.js'
import { neededTable } from './needed-table.js'
import type { ReportTasks } from './report-tasks.js'
import type { Gate } from './result.js'
import { runsTable } from './runs-table.js'
import { costTables } from './show-costs.js'
import { columnOf, evaluationTable, labelOf, unitOf, type Part } from './show-evaluation.js'
import { successSections } from './success-section.js'
import { tagTable } from './tag-table.js'
import { totalsTable } from './totals-table.js'

/** What an HTML page says beside the figures. */
interface PageSettings {
  readonly title: string
  /** What the log has of samples, for a list of all of them. */
  readonly listed: ReportTasks
  readonly notes: readonly string[]
  readonly settings: object
  /** What tells runs apart, where something does. */
  readonly runs?: string | undefined
  readonly gate?: Gate | undefined
}

/** The same figures as one HTML page, with charts of k and of the tasks, and the samples themselves. */
export function evaluationReport(parts: readonly Part[], page: PageSettings): Promise<string> {
  const { title, listed, notes, settings, runs, gate } = page
  const samples = parts.reduce((sum, { log }) => sum + log.totals.samples, 0)
  const of = parts.length === 1 ? `of ${parts[0]!.log.size} tasks` : `in ${parts.length} groups`
  return renderHtmlReport({
    title,
    subtitle: `${samples} samples ${of}`,
    sections: [
      ...gateSections(gate),
      { kind: 'table', title: 'Estimates', table: evaluationTable(parts.map(withoutTags)) },
      { kind: 'table', title: 'Tasks and samples', text: notes.join('\n\n'), table: totalsTable(parts) },
      ...curveSections(parts),
      ...successSections(parts),
      ...tableSections('By tag', tagTable(parts)),
      ...tableSections('Runs', runsTable(parts, runs)),
      ...costTables(parts).flatMap((table) => tableSections(table.columns[1]!.header, table)),
      ...tableSections('What would show a difference', neededTable(parts)),
      ...taskSections(listed, samples),
      { kind: 'table', title: 'Settings', table: settingsTable(settings) },
    ],
    footer: 'posttrain evaluate',
  })
}

/** Tags have a table of their own. */
const withoutTags = (part: Part): Part => ({ ...part, evaluation: { ...part.evaluation, tags: [], overTags: [] } })

/** A table, where there is one. */
const tableSections = (title: string, table: Table | undefined): readonly ReportSection[] =>
  table === undefined ? [] : [{ kind: 'table', title, table }]

/** A list of samples, where the log has some. */
const taskSections = (listed: ReportTasks, samples: number): readonly ReportSection[] =>
  listed.tasks.length === 0
    ? []
    : [{ kind: 'tasks', title: 'Task by task', text: listed.describe(samples), tasks: listed.tasks }]

/** A metric against k, where there is more than one k. */
function curveSections(parts: readonly Part[]): readonly ReportSection[] {
  if (parts.every(({ evaluation }) => evaluation.curve.length < 2)) return []
  const metric = columnOf(parts[0]!.evaluation.curve[0]!)
  const series = parts.slice(0, DRAWN).map((part) => ({
    name: labelOf(part) || metric,
    points: part.evaluation.curve.map(({ objective: { k }, estimate: { value, interval } }) => {
      return { k, value, ...(Number.isNaN(interval.lower) ? {} : { interval }) } // of one task there is none
    }),
  }))
  const charts = [curveChart({ series, metric, unit: unitOf(parts) })]
  return [{ kind: 'chart', title: metric, text: describeDrawn(parts).join(''), charts }]
}
