import type { Cell, Table } from './table.js'

/** One system, or one pair of systems, and what was measured of it, by metric. */
export interface MetricRow<T> {
  readonly label: string
  readonly values: Readonly<Record<string, T>>
}

/** The entry of a record by a name that anybody may have chosen: `constructor` is one only where it was put there. */
export const ownEntry = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined

/**
 * A table of label × metric. Its columns are the metrics of all rows, in order of first appearance; what a row lacks is
 * left blank.
 *
 * @param cell what is written for a value
 */
export function metricTable<T>(
  rowHeader: string,
  rows: readonly MetricRow<T>[],
  cell: (value: T, metric: string) => Cell,
  note: string | undefined,
): Table {
  const metrics = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))]
  return {
    columns: [{ header: rowHeader }, ...metrics.map((header) => ({ header, align: 'right' as const }))],
    rows: rows.map(({ label, values }) => [
      label,
      ...metrics.map((metric): Cell => {
        const value = ownEntry(values, metric)
        return value === undefined ? '' : cell(value, metric)
      }),
    ]),
    note,
  }
}
