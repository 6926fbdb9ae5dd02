import { crossedMean, holmPValues, pairedDifference, verdictOf, type Difference } from '@posttrain/estimators'
import type { ReportedRow } from './reported-row.js'
import type { MeasuredRow } from './measured-row.js'

/** How much better one row is than another on the same tasks. */
export interface RowDifference extends Difference {
  readonly metric: string
  /** Labels of the two: `row` − `baseline`. */
  readonly row: string
  readonly baseline: string
  /** The seeds that both have and that were paired; none where each has one of its own. */
  readonly seeds: readonly number[]
  /** Adjusted by Holm's method for all differences by this metric; the verdict is by it. */
  readonly adjustedPValue: number
  /** Tasks on which the two differ, where one seed was paired. */
  readonly discordant?: number | undefined
}

type Unadjusted = Omit<RowDifference, 'adjustedPValue'>

/** A row with the values behind it. */
export type RowWithValues = ReportedRow & Pick<MeasuredRow, 'values'>

/**
 * Every two rows by every metric that both have. Two that have seeds in common are paired by seed and task; two with
 * one seed each by task; others are left out.
 *
 * @param seed of the signs that the sign-flip test draws where there are too many tasks to take them all
 */
export function rowDifferences(
  rows: readonly RowWithValues[],
  metrics: readonly string[],
  seed: number,
): RowDifference[] {
  return metrics.flatMap((metric) => {
    const having = rows.filter(({ values }) => Object.hasOwn(values, metric))
    const found = having.flatMap((baseline, i) =>
      having.slice(i + 1).flatMap((row) => differenceOf(row, baseline, metric, seed) ?? []),
    )
    const adjusted = holmPValues(found.map(({ pValue }) => pValue))
    return found.map((one, i): RowDifference => {
      const pValue = adjusted[i]!
      return { ...one, adjustedPValue: pValue, verdict: verdictOf({ interval: one.interval, pValue }) }
    })
  })
}

function differenceOf(
  row: RowWithValues,
  baseline: RowWithValues,
  metric: string,
  seed: number,
): Unadjusted | undefined {
  const seeds = row.seeds.filter((one) => baseline.seeds.includes(one))
  const isAlone = row.seeds.length === 1 && baseline.seeds.length === 1
  if (seeds.length === 0 && !isAlone) return undefined
  const of = (one: RowWithValues, at: number | undefined): readonly number[] =>
    one.values[metric]![at === undefined ? 0 : one.seeds.indexOf(at)]!
  const what = { metric, row: row.label, baseline: baseline.label, seeds }
  if (seeds.length < 2) {
    const [a, b] = [of(baseline, seeds[0]), of(row, seeds[0])]
    return { ...what, ...pairedDifference(a, b, { seed }) }
  }
  const differences = seeds.map((at) => of(row, at).map((value, task) => value - of(baseline, at)[task]!))
  const { value, interval, ...test } = crossedMean(differences)
  const method = `student-t over ${seeds.length} seeds and the tasks`
  const said = Number.isNaN(interval.lower) ? interval : { ...interval, method }
  return {
    ...what,
    difference: value,
    interval: said,
    pValue: test.pValue,
    pValueMethod: test.pValueMethod,
    verdict: test.verdict,
    tasks: test.tasks,
  }
}

/** The rows of which no difference could be taken. */
export const unpairedRows = (rows: readonly ReportedRow[]): readonly (readonly [string, string])[] =>
  rows.flatMap((baseline, i) =>
    rows.slice(i + 1).flatMap((row) => {
      const isAlone = row.seeds.length === 1 && baseline.seeds.length === 1
      const isShared = row.seeds.some((seed) => baseline.seeds.includes(seed))
      return isAlone || isShared ? [] : [[row.label, baseline.label] as const]
    }),
  )
