import {
  curveChart,
  estimateTable,
  percent,
  plain,
  renderHtmlReport,
  settingsTable,
  type Table,
  type Unit,
} from '@posttrain/report'
import type { Evaluation } from './evaluate-log.js'
import type { TaskLog } from './task-log.js'

/** Rewards outside [0, 1] are no shares. */
const unitOf = (log: TaskLog): Unit => (log.withinUnit ? percent : plain)

/** k × metric, each with its interval. */
export function evaluationTable({ measured }: Evaluation, log: TaskLog): Table {
  const ks = [...new Set(measured.map(({ metric }) => metric.k))].sort((a, b) => a - b)
  const rows = ks.map((k) => ({
    label: String(k),
    estimates: Object.fromEntries(
      measured.filter(({ metric }) => metric.k === k).map(({ metric, estimate }) => [`${metric.kind}k`, estimate]),
    ),
  }))
  return estimateTable({ rowHeader: 'k', rows, unit: unitOf(log) })
}

/** The figures for programs. */
export function evaluationJson({ measured }: Evaluation, log: TaskLog): object {
  return {
    tasks: log.index.size,
    samples: log.samples,
    unscored: log.unscored,
    denominator: measured[0]!.estimate.denominator,
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

/** The same figures, with the curve over k, as one HTML page. */
export function evaluationReport(
  evaluation: Evaluation,
  log: TaskLog,
  title: string,
  settings: object,
): Promise<string> {
  const { curve, notes } = evaluation
  const metric = `${curve[0]!.metric.kind}k`
  const points = curve.map(({ metric: { k }, estimate }) => ({ k, ...estimate }))
  return renderHtmlReport({
    title,
    subtitle: `${log.samples} samples of ${log.index.size} tasks`,
    sections: [
      { kind: 'table', text: notes.join('\n\n'), table: evaluationTable(evaluation, log) },
      { kind: 'chart', charts: [curveChart({ series: [{ name: metric, points }], metric, unit: unitOf(log) })] },
      { kind: 'table', title: 'Settings', table: settingsTable(settings) },
    ],
    footer: 'posttrain evaluate',
  })
}
