import { differenceTable, estimateTable, nats, percent } from '@posttrain/report'
import type { DifferenceRow, EstimateRow, Table } from '@posttrain/report'
import type { PassAtKPoint, PublishedSummary, RunSummary } from './summary.js'

/** Values of k in the table beside other people's figures. */
const PUBLISHED_KS: readonly number[] = [1, 8, 64]

/** Variant × metric. */
export function resultTable({ variants }: RunSummary): Table {
  const rows = variants.map(({ label, estimates }) => ({ label, estimates }))
  return estimateTable({ rowHeader: 'variant', rows, unit: percent, units: { entropy: nats, KL: nats } })
}

/** Paired differences on the same tasks, one row per pair of variants. */
export function comparisonTable({ variants, comparisons }: RunSummary): Table {
  const labels = new Map(variants.map(({ variant, label }) => [variant, label]))
  const rows = new Map<string, DifferenceRow>()
  for (const comparison of comparisons) {
    const label = `${labels.get(comparison.variant)!} − ${labels.get(comparison.baseline)!}`
    const { differences } = rows.get(label) ?? { differences: {} }
    rows.set(label, { label, differences: { ...differences, [comparison.metric]: comparison } })
  }
  return differenceTable({ rows: [...rows.values()] })
}

/** Our variants and others on the tasks that the others were measured on. */
export function publishedTable({ variants, others }: PublishedSummary): Table {
  const row = (label: string, curve: readonly PassAtKPoint[]): EstimateRow => ({
    label,
    estimates: Object.fromEntries(
      curve.filter(({ k }) => PUBLISHED_KS.includes(k)).map((point) => [`pass@${point.k}`, point]),
    ),
  })
  return estimateTable({
    rowHeader: 'on the same tasks',
    rows: [
      ...variants.map(({ label, curve }) => row(label, curve)),
      ...others.map(({ name, curve }) => row(name, curve)),
    ],
  })
}
