import type { LogCost } from '@posttrain/logs'
import { describeEstimate, formatEstimate, type Cell, type Table, type Unit } from '@posttrain/report'
import { labelOf, unitOf, type Part } from './show-evaluation.js'

/** Digits that a cost is written with. */
const SIGNIFICANT = 4

/** A cost may be a millionth of a dollar or a million tokens. */
function unitOfCost(value: number): Unit {
  const before = value === 0 ? 1 : Math.floor(Math.log10(Math.abs(value))) + 1
  return { scale: 1, digits: Math.min(10, Math.max(0, SIGNIFICANT - before)), symbol: '' }
}

/**
 * What samples cost beside the first metric, the cheapest group first; one table for each field.
 *
 * @param parts of one log, or its groups
 */
export function costTables(parts: readonly Part[]): readonly Table[] {
  const fields = [...new Set(parts.flatMap(({ evaluation }) => evaluation.costs.map(({ field }) => field)))]
  return fields.map((field) => costTable(parts, field))
}

function costTable(parts: readonly Part[], field: string): Table {
  const [first] = parts as readonly [Part, ...Part[]]
  const costOf = (part: Part): LogCost | undefined => part.evaluation.costs.find((one) => one.field === field)
  const valueOf = (part: Part): number => costOf(part)?.perSample.value ?? Infinity
  const sorted = [...parts].sort((a, b) => Number(valueOf(a) > valueOf(b)) - Number(valueOf(a) < valueOf(b)))
  const unit = unitOf(parts)
  return {
    columns: [
      { header: Object.keys(first.group).join(', ') || 'log' },
      { header: `${field} of a sample`, align: 'right' },
      { header: 'in all', align: 'right' },
      { header: 'samples', align: 'right' },
      { header: first.evaluation.measured[0]!.estimate.name, align: 'right' },
    ],
    rows: sorted.map((part) => [
      labelOf(part) || 'all',
      ...costCells(costOf(part)),
      formatEstimate(part.evaluation.measured[0]!.estimate, unit),
    ]),
    note: 'a sample: the mean over tasks of the mean of their samples; k samples cost k times that',
  }
}

function costCells(cost: LogCost | undefined): readonly Cell[] {
  if (cost === undefined) return ['none', '', '']
  const { value, interval, tasks, samplesPerTask } = cost.perSample
  return [
    {
      text: formatEstimate({ value, interval }, unitOfCost(value)),
      note: describeEstimate({ value, interval, tasks, samplesPerTask }),
    },
    cost.total.toFixed(unitOfCost(cost.total).digits),
    String(cost.samples),
  ]
}
