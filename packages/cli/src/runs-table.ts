import type { RunSpread } from '@posttrain/logs'
import { percent, type Table, type Unit } from '@posttrain/report'
import { labelOf, unitOf, type Part } from './show-evaluation.js'
import { SPREAD_OVER_RUNS } from './show-runs.js'

/**
 * How each metric varies over runs; undefined where these are not told apart.
 *
 * @param field what tells runs apart
 */
export function runsTable(parts: readonly Part[], field: string | undefined): Table | undefined {
  if (field === undefined) return undefined
  const unit = unitOf(parts)
  return {
    columns: [
      { header: [...Object.keys(parts[0]!.group), 'metric'].join(', ') },
      ...[`runs (${field})`, 'mean', 'standard deviation', 'lowest', 'highest'].map((header) => {
        return { header, align: 'right' as const }
      }),
    ],
    rows: parts.flatMap((part) =>
      part.evaluation.measured.map(({ estimate: { name } }) => {
        const spread = part.spread?.find((one) => one.name === name)
        const label = [labelOf(part), name].filter(Boolean).join(', ')
        return [label, ...(spread ? cellsOf(spread, unit) : ['', 'a run has too few samples', '', '', ''])]
      }),
    ),
    note: SPREAD_OVER_RUNS,
  }
}

function cellsOf({ runs, mean, deviation }: RunSpread, unit: Unit): readonly string[] {
  const written = (value: number, symbol = unit.symbol): string =>
    `${(value * unit.scale).toFixed(unit.digits)} ${symbol}`.trimEnd()
  const [lowest, highest] = [Math.min, Math.max].map((end) => {
    const value = end(...runs.map((one) => one.value))
    return `${written(value)} (${runs.find((one) => one.value === value)!.run})`
  }) as [string, string]
  return [
    String(runs.length),
    written(mean),
    written(deviation, unit === percent ? 'pp' : unit.symbol),
    lowest,
    highest,
  ]
}
