import { formatDifference, formatEstimate, nats, percent, points, type Unit } from '@posttrain/report'
import { isInNats } from '../run/summary.js'
import type { ReportedRow } from './reported-row.js'
import type { RowDifference } from './row-differences.js'
import type { RunsComparison } from './runs-report.js'

type Compared = Pick<RunsComparison, 'rows' | 'differences' | 'metrics'>

/** What a comparison shows, in words: first whether each way of training is the best by what it was trained for. */
export function verdictOfRuns(compared: Compared): string[] {
  const { metrics, rows } = compared
  return [
    headline(compared),
    ...metrics.filter((name) => having(rows, name).length > 1).map((name) => byMetric(compared, name)),
  ]
}

/** Ways of training that are credibly above all that were not trained for the same, by what they were trained for. */
function headline({ rows, differences }: Compared): string {
  const trained = rows.filter(({ trainedFor }) => trainedFor !== undefined)
  if (trained.length === 0) return 'Nothing here was trained.'
  const best = trained.filter((row) => {
    const others = having(rows, row.trainedFor!).filter((other) => other.trainedFor !== row.trainedFor)
    const isBetter = (other: ReportedRow): boolean =>
      signed(differences, row, other, row.trainedFor!)?.verdict === 'better'
    return others.length > 0 && others.every(isBetter)
  })
  const what = 'credibly better, by the metric it was trained for, than everything that was not trained for it'
  if (trained.length === 1) return `${sentence(trained[0]!.label)} is ${best.length === 1 ? '' : 'not '}${what}.`
  const count = best.length === trained.length ? 'Each' : best.length === 0 ? 'None' : `${best.length}`
  const named = best.length === 0 || best.length === trained.length ? '' : ` (${list(best.map(({ label }) => label))})`
  return `${count} of the ${trained.length} ways of training${named} is ${what}.`
}

/** Which row has the most, and from which others that tells it apart. */
function byMetric({ rows, differences }: Compared, metric: string): string {
  const sorted = [...having(rows, metric)].sort((a, b) => b.estimates[metric]!.value - a.estimates[metric]!.value)
  const [first, ...others] = sorted
  const unit = unitOf(metric)
  const compared = others.map((other) => ({ other, difference: signed(differences, first!, other, metric) }))
  const said = (verdicts: readonly (string | undefined)[]): string =>
    list(
      compared
        .filter(({ difference }) => verdicts.includes(difference?.verdict))
        .map(
          ({ other, difference }) =>
            `${other.label}${difference ? ` (${formatDifference(difference, differenceUnit(metric))})` : ''}`,
        ),
    )
  const [above, open] = [said(['better']), said(['undecided', 'worse', undefined])]
  const parts = [
    `${metric}: ${first!.label} has the most, ${formatEstimate(first!.estimates[metric]!, unit)}`,
    ...(above === '' ? [] : [`credibly more than ${above}`]),
    ...(open === '' ? [] : [`not told apart from ${open}`]),
  ]
  return `${parts.join('; ')}.`
}

/** The difference `row` − `other`, whichever of the two was the baseline, with the adjusted p-value. */
function signed(
  differences: readonly RowDifference[],
  row: ReportedRow,
  other: ReportedRow,
  metric: string,
): RowDifference | undefined {
  const of = (a: ReportedRow, b: ReportedRow): RowDifference | undefined =>
    differences.find((one) => one.metric === metric && one.row === a.label && one.baseline === b.label)
  const forward = of(row, other)
  const backward = of(other, row)
  if (forward) return { ...forward, pValue: forward.adjustedPValue }
  if (!backward) return undefined
  const { difference, interval, verdict, adjustedPValue } = backward
  const turned = { better: 'worse', worse: 'better', undecided: 'undecided' } as const
  return {
    ...backward,
    difference: -difference,
    interval: { ...interval, lower: -interval.upper, upper: -interval.lower },
    verdict: turned[verdict],
    pValue: adjustedPValue,
  }
}

const having = (rows: readonly ReportedRow[], metric: string): readonly ReportedRow[] =>
  rows.filter(({ estimates }) => Object.hasOwn(estimates, metric))

/** How a metric is written. */
export const unitOf = (metric: string): Unit => (isInNats(metric) ? nats : percent)
const differenceUnit = (metric: string): Unit => (isInNats(metric) ? { ...nats, signed: true } : points)

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const list = (texts: readonly string[]): string =>
  texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)!}`
