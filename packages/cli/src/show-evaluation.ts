import { familyOf } from '@posttrain/estimators'
import type { LogEvaluation, MeasuredObjective, TaskLog } from '@posttrain/logs'
import {
  curveChart,
  estimateTable,
  percent,
  plain,
  renderHtmlReport,
  settingsTable,
  type ReportSection,
  type Table,
  type Unit,
} from '@posttrain/report'
import type { ReportTasks } from './report-tasks.js'

/** Rewards outside [0, 1] are no shares. */
const unitOf = ({ totals }: TaskLog): Unit => (totals.withinUnit ? percent : plain)

/** For instance `pass@k`. */
const columnOf = ({ objective }: MeasuredObjective): string => `${familyOf(objective.name)}k`

/**
 * What a reader of the figures must know beside them.
 *
 * @param byDefault whether nothing was asked for
 */
export function evaluationNotes({ measured, leftOut }: LogEvaluation, log: TaskLog, byDefault: boolean): string[] {
  const { samples, unscored, proxied } = log.totals
  const policy = measured[0]!.estimate.unscoredPolicy
  const ks = measured.map(({ objective }) => objective.k)
  const notes: string[] = []
  if (byDefault) {
    notes.push(`no metric was asked for (--k, --vote, --best-of): these are --k ${[...new Set(ks)].join(',')}`)
  }
  if (leftOut.length > 0) {
    const short = `${leftOut.length} of ${log.size} tasks have fewer than ${Math.max(...ks)} samples`
    notes.push(`${short} and are left out of every figure`)
  }
  if (unscored > 0) {
    const became = policy === 'exclude' ? 'are left out' : 'count as failures'
    notes.push(`${unscored} of ${samples} samples have no score and ${became} (--unscored ${policy})`)
  }
  if (proxied === 0 && measured.some(({ objective }) => familyOf(objective.name) === 'best-of-')) {
    notes.push('the log has no proxies: best-of-N chooses by the reward itself')
  }
  return notes
}

/** k × metric, each with its interval. */
export function evaluationTable({ measured }: LogEvaluation, log: TaskLog): Table {
  const ks = [...new Set(measured.map(({ objective }) => objective.k))].sort((a, b) => a - b)
  const rows = ks.map((k) => ({
    label: String(k),
    estimates: Object.fromEntries(
      measured.filter(({ objective }) => objective.k === k).map((one) => [columnOf(one), one.estimate]),
    ),
  }))
  return estimateTable({ rowHeader: 'k', rows, unit: unitOf(log) })
}

/** The figures for programs. */
export function evaluationJson({ measured }: LogEvaluation, log: TaskLog): object {
  return {
    tasks: log.size,
    samples: log.totals.samples,
    unscored: log.totals.unscored,
    unscoredPolicy: measured[0]!.estimate.unscoredPolicy,
    metrics: measured.map(({ estimate: { name, value, interval, tasks } }) => ({
      name,
      estimate: value,
      low: interval.lower,
      high: interval.upper,
      level: interval.level,
      method: interval.method,
      tasks,
    })),
  }
}

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
  evaluation: LogEvaluation,
  log: TaskLog,
  { title, listed, notes, settings }: PageSettings,
): Promise<string> {
  const metric = columnOf(evaluation.curve[0]!)
  const { tasks } = listed
  const list: ReportSection = { kind: 'tasks', title: 'Task by task', text: listed.describe(log.totals.samples), tasks }
  const points = evaluation.curve.map(({ objective: { k }, estimate }) => ({ k, ...estimate }))
  return renderHtmlReport({
    title,
    subtitle: `${log.totals.samples} samples of ${log.size} tasks`,
    sections: [
      { kind: 'table', title: 'Estimates', text: notes.join('\n\n'), table: evaluationTable(evaluation, log) },
      {
        kind: 'chart',
        title: metric,
        charts: [curveChart({ series: [{ name: metric, points }], metric, unit: unitOf(log) })],
      },
      ...(tasks.length > 0 ? [list] : []),
      { kind: 'table', title: 'Settings', table: settingsTable(settings) },
    ],
    footer: 'posttrain evaluate',
  })
}
