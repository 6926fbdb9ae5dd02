import { describeDifference, writeDifference, type ReportedDifference } from './format-difference.js'
import { metricTable } from './metric-table.js'
import type { DetailedCell, Table } from './table.js'
import { points, type Unit } from './unit.js'

/** Two systems and how much they differ on the same tasks, by metric. */
export interface DifferenceRow {
  /** For instance `B − A`. */
  readonly label: string
  readonly differences: Readonly<Record<string, ReportedDifference>>
}

/** A table of pair × metric. */
export interface DifferenceTableOptions {
  /** Heading of the first column (default `paired difference`). */
  readonly rowHeader?: string | undefined
  readonly rows: readonly DifferenceRow[]
  /** How the numbers are written (default percentage points). */
  readonly unit?: Unit | undefined
  readonly note?: string | undefined
}

/**
 * A cell with a difference, its interval and its p-value. It is strong where both the interval and the test exclude
 * zero: on few tasks an interval alone may do so by its assumptions.
 */
function differenceCell(of: ReportedDifference, unit: Unit): DetailedCell {
  const { lower, upper, level } = of.interval
  return {
    ...writeDifference(of, unit),
    note: describeDifference(of),
    strong: (lower > 0 || upper < 0) && of.pValue <= 1 - level,
  }
}

/**
 * A table of paired differences with intervals, p-values and footnotes.
 *
 * @throws PosttrainError `invalid-argument` for a value or bound that is not finite.
 * @example
 * ```ts
 * const interval = { lower: -0.242, upper: 0.242, level: 0.95, method: 'tango' }
 * const same = { difference: 0, interval, pValue: 1, discordant: 0, tasks: 12 }
 * const table = differenceTable({ rows: [{ label: 'B − A', differences: { 'pass@64': same } }] })
 * renderTable(table).split('\n')[2] // => 'B − A              no task differs [−24.2, +24.2], n = 12, p = 1'
 * ```
 */
export function differenceTable(options: DifferenceTableOptions): Table {
  const { rowHeader = 'paired difference', rows, unit = points, note } = options
  return metricTable(
    rowHeader,
    rows.map(({ label, differences }) => ({ label, values: differences })),
    (difference) => differenceCell(difference, unit),
    note,
  )
}
