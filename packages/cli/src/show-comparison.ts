import type { LogComparison, TaskLog } from '@posttrain/logs'
import { estimateTable, percent, plain, points, renderTable } from '@posttrain/report'

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
  const tests = [`p = ${rounded(difference.pValue)} (sign-flip permutation test, two-sided)`]
  if (mcnemar) {
    const { onlyA, onlyB, pValue } = mcnemar
    tests.push(`p = ${rounded(pValue)} (McNemar's exact test: only A solves ${onlyA}, only B ${onlyB})`)
  }
  const tables = [
    estimateTable({ rowHeader: 'system', rows, unit: shares ? percent : plain }),
    estimateTable({
      rowHeader: 'paired difference',
      rows: [{ label: 'B − A', estimates: { [name]: { ...difference, value: difference.difference } } }],
      unit: shares ? points : { ...plain, signed: true },
      note: tests.join('; '),
    }),
  ]
  return tables.map((table) => renderTable(table)).join('\n')
}

const rounded = (p: number): string => String(Number(p.toPrecision(3)))

/** The figures for programs. */
export function comparisonJson({ a, b, difference, mcnemar }: LogComparison): object {
  const { interval, pValue, tasks } = difference
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
    ...(mcnemar && { mcnemar }),
    unscored: { a: a.unscored, b: b.unscored },
    unscoredPolicy: a.unscoredPolicy,
  }
}
