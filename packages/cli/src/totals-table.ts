import type { Table } from '@posttrain/report'
import { labelOf, type Part } from './show-evaluation.js'

/** Of how many tasks and samples the figures are, and what is in none of them. */
export function totalsTable(parts: readonly Part[]): Table {
  const counts = parts.map(countsOf)
  // What is of no part is no column: most logs have no absent task, and no sample without a score.
  const columns = COLUMNS.filter(({ always, of }) => always || counts.some((own) => own[of] > 0))
  return {
    columns: [
      { header: Object.keys(parts[0]!.group).join(', ') || 'log' },
      ...columns.map(({ header }) => ({ header, align: 'right' as const })),
    ],
    rows: parts.map((part, i) => [labelOf(part) || 'all', ...columns.map(({ of }) => String(counts[i]![of]))]),
  }
}

interface Counts {
  readonly tasks: number
  readonly leftOut: number
  readonly absent: number
  readonly samples: number
  readonly unscored: number
  readonly repeated: number
}

const COLUMNS: readonly { readonly header: string; readonly of: keyof Counts; readonly always?: boolean }[] = [
  { header: 'tasks in the figures', of: 'tasks', always: true },
  { header: 'of them absent from the log', of: 'absent' },
  { header: 'tasks left out', of: 'leftOut' },
  { header: 'samples', of: 'samples', always: true },
  { header: 'of them without a score', of: 'unscored' },
  { header: 'rows that repeat one', of: 'repeated' },
]

const countsOf = ({ log: { size, totals }, evaluation: { leftOut } }: Part): Counts => ({
  tasks: size - leftOut.length,
  leftOut: leftOut.length,
  absent: totals.absent,
  samples: totals.samples,
  unscored: totals.unscored,
  repeated: totals.repeated,
})
