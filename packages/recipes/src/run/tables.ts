import { estimateTable, nats, percent, points, type EstimateRow, type Table } from '@posttrain/report'
import type { ContextSummary, PassAtKPoint, RunSummary, SystemSummary } from './summary.js'
import { BASE_SYSTEM } from './system.js'

/** Values of k in the table beside other people's figures. */
const CONTEXT_KS: readonly number[] = [1, 8, 64]

/** Algorithms named for what they maximise. */
const OBJECTIVE = /^(mean|(pass|max|maj)@\d+)$/

/** How a system is called in tables and charts. */
export function labelOf(system: string): string {
  if (system === BASE_SYSTEM) return 'before training'
  return OBJECTIVE.test(system) ? `trained for ${system}` : `trained by ${system}`
}

/** Objective × metric. */
export function resultTable({ systems }: RunSummary): Table {
  const rows = systems.map(({ system, estimates }) => ({ label: labelOf(system), estimates }))
  return estimateTable({ rowHeader: 'system', rows, unit: percent, units: { entropy: nats } })
}

/** Paired differences on the same tasks, one row per pair of systems. */
export function comparisonTable({ comparisons }: RunSummary): Table {
  const rows = new Map<string, EstimateRow>()
  for (const { metric, system, baseline, difference, interval, tasks } of comparisons) {
    const label = `${labelOf(system)} − ${labelOf(baseline)}`
    const { estimates } = rows.get(label) ?? { estimates: {} }
    rows.set(label, { label, estimates: { ...estimates, [metric]: { value: difference, interval, tasks } } })
  }
  return estimateTable({ rowHeader: 'paired difference', rows: [...rows.values()], unit: points })
}

/** Our systems and others on the tasks that the others were measured on. */
export function contextTable({ systems, others }: ContextSummary): Table {
  const row = (label: string, curve: readonly PassAtKPoint[]): EstimateRow => ({
    label,
    estimates: Object.fromEntries(
      curve.filter(({ k }) => CONTEXT_KS.includes(k)).map((point) => [`pass@${point.k}`, point]),
    ),
  })
  const ours = systems.map(({ system, curve }: SystemSummary) => row(labelOf(system), curve))
  return estimateTable({
    rowHeader: 'on the same tasks',
    rows: [...ours, ...others.map(({ name, curve }) => row(name, curve))],
  })
}
