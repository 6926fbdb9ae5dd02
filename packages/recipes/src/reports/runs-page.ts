import {
  curveChart,
  differenceTable,
  estimateTable,
  nats,
  percent,
  renderHtmlReport,
  type Chart,
  type DifferenceRow,
  type ReportSection,
  type Table,
} from '@posttrain/report'
import { isInNats } from '../run/summary.js'
import type { RowDifference } from './row-differences.js'
import { environmentTable, runSettingsTable } from './run-tables.js'
import type { RunsComparison, RunsReport } from './runs-report.js'
import { trainingChartsOfRuns } from './training-of-rows.js'

/** Objective × metric, over all runs. */
export const runsTable = ({ rows }: RunsComparison): Table =>
  estimateTable({ rowHeader: 'variant', rows: rows.map(withSeeds), unit: percent, units: { entropy: nats, KL: nats } })

const withSeeds = (row: RunsComparison['rows'][number]): RunsComparison['rows'][number] =>
  row.seeds.length === 1 ? row : { ...row, label: `${row.label}, mean of ${row.seeds.length} seeds` }

/** Paired differences by every metric but those in nats, one row per pair; p-values are the adjusted ones. */
export function runsDifferenceTable({ differences, metrics }: RunsComparison): Table | undefined {
  const rows = new Map<string, DifferenceRow>()
  for (const one of differences.filter(({ metric }) => !isInNats(metric))) {
    const label = `${one.row} − ${one.baseline}`
    const known: DifferenceRow = rows.get(label) ?? { label, differences: {} }
    rows.set(label, { label, differences: { ...known.differences, [one.metric]: adjusted(one) } })
  }
  if (rows.size === 0) return undefined
  const note = `p is adjusted by Holm's method for the ${rows.size} ${rows.size === 1 ? 'pair' : 'pairs'} of each of ${metrics.length - 1} metrics`
  return differenceTable({ rows: [...rows.values()], note })
}

const adjusted = (one: RowDifference): RowDifference => ({ ...one, pValue: one.adjustedPValue })

/** What stands above the runs of a study. */
export interface RunsPageOptions {
  /** Default: that of the report. */
  readonly title?: string | undefined
  /** What is to be seen if a claim holds, and whose it is. */
  readonly claim?: string | undefined
  /** What the runs show beside objective and metric, before that. */
  readonly analysis?: { readonly verdict: readonly string[]; readonly sections: readonly ReportSection[] } | undefined
}

/** The page of several runs: a claim, where there is one, then the verdict. The same report gives the same bytes. */
export function renderRunsReport(report: RunsReport, options: RunsPageOptions = {}): Promise<string> {
  const { runs, comparisons } = report
  const { title = report.title, claim, analysis } = options
  const several = comparisons.length > 1
  return renderHtmlReport({
    title,
    subtitle: runs.map(({ name }) => name).join(' · '),
    sections: [
      ...(claim === undefined ? [] : [{ kind: 'prose', title: 'What is claimed', text: claim } as const]),
      ...(analysis === undefined
        ? []
        : [
            { kind: 'prose', title: 'What the runs say of it', text: analysis.verdict.join('\n\n') } as const,
            ...analysis.sections,
          ]),
      ...comparisons.flatMap((comparison) => sectionsOf(comparison, report, several)),
      { kind: 'table', title: 'Settings', table: runSettingsTable(runs) },
      { kind: 'table', title: 'Environment and wall time', table: environmentTable(runs) },
    ],
    footer: `posttrain report ${runs.map(({ name }) => name).join(' ')}`,
  })
}

function sectionsOf(comparison: RunsComparison, report: RunsReport, several: boolean): ReportSection[] {
  const { verdict, warnings, heldOutTasks, rows } = comparison
  const on = several ? ` (${comparison.title}, ${heldOutTasks} tasks)` : ''
  const differences = runsDifferenceTable(comparison)
  const order = rows.map(({ label }) => label)
  const training = trainingChartsOfRuns(comparison, report.runs)
  return [
    { kind: 'prose', title: `What it shows${on}`, text: verdict.join('\n\n') },
    ...(warnings.length > 0
      ? [{ kind: 'prose', title: `What to mind${on}`, text: warnings.join('\n\n') } as const]
      : []),
    {
      kind: 'table',
      title: `Objective × metric${on}`,
      text: `On ${heldOutTasks} held-out tasks. The footnotes say what each interval is over.`,
      table: runsTable(comparison),
    },
    ...(differences === undefined
      ? []
      : [
          {
            kind: 'table',
            title: `Paired differences${on}`,
            text: 'On the same tasks, in percentage points. A difference is set in bold where both its interval and its test exclude zero.',
            table: differences,
          } as const,
        ]),
    { kind: 'chart', title: `pass@k${on}`, charts: [passAtKChart(comparison, order)] },
    ...(training.length === 0 ? [] : [{ kind: 'chart', title: `Training${on}`, charts: training } as const]),
  ]
}

const passAtKChart = ({ rows }: RunsComparison, order: readonly string[]): Chart =>
  curveChart({ series: rows.map(({ label, curve }) => ({ name: label, points: curve })), order })
