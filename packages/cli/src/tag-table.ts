import type { Estimate } from '@posttrain/core'
import type { MeasuredObjective } from '@posttrain/logs'
import { estimateTable, type Cell, type Table } from '@posttrain/report'
import { labelOf, unitOf, type Part } from './show-evaluation.js'

/** A tag, or all of them, and what was measured. */
interface TagRow {
  readonly label: string
  readonly measured: readonly MeasuredObjective[]
}

/**
 * Every metric for each tag, with its tasks, and below them the mean over tags and over all tasks; undefined where no
 * part has tags.
 */
export function tagTable(parts: readonly Part[]): Table | undefined {
  const rows = parts.flatMap(rowsOf)
  if (rows.length === 0) return undefined
  const fields = Object.keys(parts[0]!.group)
  const { columns, rows: cells } = estimateTable({
    rowHeader: [...fields, 'tag'].join(', '),
    rows: rows.map(({ label, measured }) => ({
      label,
      estimates: Object.fromEntries(measured.map(({ estimate }) => [estimate.name, estimate])),
    })),
    unit: unitOf(parts),
  })
  const [first, ...metrics] = columns as [Table['columns'][0]]
  return {
    columns: [first, { header: 'tasks', align: 'right' }, ...metrics],
    rows: cells.map(([label, ...values], i) => [label!, tasksOf(rows[i]!), ...values.map(withoutNote)]),
    note: describeIntervals(rows.flatMap(({ measured }) => measured.map(({ estimate }) => estimate))),
  }
}

function rowsOf(part: Part): readonly TagRow[] {
  const { measured, tags, overTags } = part.evaluation
  if (tags.length === 0) return []
  const named = (name: string): string => [labelOf(part), name].filter(Boolean).join(', ')
  return [
    ...tags.map(({ tag, measured }) => ({ label: named(tag), measured })),
    { label: named('mean over tags'), measured: overTags },
    { label: named('all tasks'), measured },
  ]
}

const tasksOf = ({ measured }: TagRow): string => String(measured[0]!.estimate.tasks)

/** The numbers of tasks have a column of their own: no footnote need say them once more. */
const withoutNote = (cell: Cell): Cell => (typeof cell === 'string' ? cell : { ...cell, note: undefined })

function describeIntervals(estimates: readonly Estimate[]): string {
  const methods = [...new Set(estimates.map(({ interval }) => interval.method))]
  const level = Number((100 * estimates[0]!.interval.level).toPrecision(6))
  return `${level} % intervals over tasks: ${methods.join('; ')}. The mean over tags counts every tag alike.`
}
