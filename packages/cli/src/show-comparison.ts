import type { McNemarResult } from '@posttrain/estimators'
import type { LogComparison, TaskLog } from '@posttrain/logs'
import { differenceTable, estimateTable, formatPValue, percent, plain, points, renderTable } from '@posttrain/report'

/** What a reader of the figures must know beside them. */
export function comparisonNotes({ onlyInA, onlyInB, leftOut }: LogComparison, k: number): string[] {
  const alone = (ids: readonly string[], side: string): string[] =>
    ids.length === 0
      ? []
      : [`${ids.length} tasks are only in ${side} and are left out, the first ${JSON.stringify(ids[0])}`]
  const short = `${leftOut.length} common tasks have fewer than ${k} samples and are left out`
  return [...alone(onlyInA, 'A'), ...alone(onlyInB, 'B'), ...(leftOut.length > 0 ? [short] : [])]
}

/** Both estimates, and the paired difference with its tests. */
export function comparisonTables(
  { a, b, difference, mcnemar }: LogComparison,
  labels: readonly [string, string],
  logs: readonly TaskLog[],
): string {
  const { name } = a
  const shares = logs.every(({ totals }) => totals.withinUnit)
  const rows = [a, b].map((estimate, i) => ({ label: labels[i]!, estimates: { [name]: estimate } }))
  const tables = [
    estimateTable({ rowHeader: 'system', rows, unit: shares ? percent : plain }),
    differenceTable({
      rows: [{ label: 'B − A', differences: { [name]: difference } }],
      unit: shares ? points : { ...plain, signed: true },
      note: mcnemar && describeMcNemar(mcnemar),
    }),
  ]
  return tables.map((table) => renderTable(table)).join('\n')
}

const describeMcNemar = ({ onlyA, onlyB, pValue }: McNemarResult): string =>
  `McNemar's exact test: ${formatPValue(pValue)}; only A solves ${onlyA}, only B ${onlyB}`

/** The figures for programs. */
export function comparisonJson({ a, b, difference, mcnemar }: LogComparison): object {
  const { interval, pValue, discordant, tasks } = difference
  return {
    metric: a.name,
    tasks,
    a: a.value,
    b: b.value,
    difference: difference.difference,
    low: interval.lower,
    high: interval.upper,
    level: interval.level,
    method: interval.method,
    pValue,
    discordant,
    ...(mcnemar && { mcnemar }),
    unscored: { a: a.unscored, b: b.unscored },
    unscoredPolicy: a.unscoredPolicy,
  }
}
