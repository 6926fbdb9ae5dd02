import { describeEstimate, formatInterval, formatValue, type Reported } from './format-estimate.js'
import { metricTable, ownEntry } from './metric-table.js'
import type { DetailedCell, Table } from './table.js'
import { percent, type Unit } from './unit.js'

/** One system and what was measured of it, by metric. */
export interface EstimateRow {
  readonly label: string
  readonly estimates: Readonly<Record<string, Reported>>
}

/** A table of system × metric. */
export interface EstimateTableOptions {
  /** Heading of the first column, for instance `trained for`. */
  readonly rowHeader: string
  /** The columns are the metrics of all rows, in order of first appearance; a metric a row lacks is left blank. */
  readonly rows: readonly EstimateRow[]
  /** How the numbers are written (default per cent). */
  readonly unit?: Unit | undefined
  /** Metrics written in another unit, for instance `{ entropy: nats }`. */
  readonly units?: Readonly<Record<string, Unit>> | undefined
  readonly note?: string | undefined
}

/** A cell with an estimate, its interval and, as a footnote, what it rests on. */
const estimateCell = (estimate: Reported, unit: Unit): DetailedCell => ({
  text: formatValue(estimate.value, unit),
  detail: formatInterval(estimate.interval, unit),
  note: describeEstimate(estimate),
})

/**
 * A table of system × metric with intervals and footnotes.
 *
 * @throws PosttrainError `invalid-argument` for a value or bound that is not finite.
 * @example
 * ```ts
 * const interval = { lower: 0.275, upper: 0.35, level: 0.95, method: 'bootstrap over tasks' }
 * const rows = [{ label: 'mean', estimates: { 'pass@1': { value: 0.312, interval, tasks: 260 } } }]
 * estimateTable({ rowHeader: 'trained for', rows }).columns[1].header // => 'pass@1'
 * ```
 */
export function estimateTable({ rowHeader, rows, unit = percent, units = {}, note }: EstimateTableOptions): Table {
  return metricTable(
    rowHeader,
    rows.map(({ label, estimates }) => ({ label, values: estimates })),
    (estimate, metric) => estimateCell(estimate, ownEntry(units, metric) ?? unit),
    note,
  )
}
