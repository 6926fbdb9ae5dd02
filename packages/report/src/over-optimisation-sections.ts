import { divergenceChart } from './divergence-chart.js'
import { estimateTable } from './estimate-table.js'
import type { Reported } from './format-estimate.js'
import { formatNumber, nats, plain } from './unit.js'
import type { ReportSection } from './report.js'
import type { Table } from './table.js'

/** A coefficient with its standard error. */
export interface ReportedCoefficient {
  readonly value: number
  readonly se: number
  readonly interval: Reported['interval']
}

/** What is reported of over-optimisation; `monitorOverOptimisation` of `@posttrain/rewards` gives one. */
export interface ReportedOverOptimisation {
  readonly form: 'best-of-n' | 'rl'
  readonly points: readonly {
    readonly at: number
    readonly kl: number
    readonly proxy: Reported
    readonly gold: Reported
  }[]
  readonly law?:
    | {
        readonly tasks: number
        readonly coefficients: { readonly alpha: ReportedCoefficient; readonly beta: ReportedCoefficient }
        readonly peakKl?: ReportedCoefficient | undefined
        /** The fitted gold reward at a divergence, in nats. */
        readonly goldAt: (kl: number) => number
      }
    | undefined
  readonly verdict: { readonly stop: boolean; readonly reason: string; readonly bestStep: number }
}

/** Points of the drawn law. */
const LAW_POINTS = 60

/**
 * Proxy against gold as sections of a report: whether to stop, a chart against KL with the fitted law, and the figures.
 *
 * @param title of the first section (default `Proxy against gold`)
 * @throws PosttrainError `invalid-argument` for a number that is not finite
 * @example
 * ```ts
 * const interval = { lower: 0.1, upper: 0.5, level: 0.95, method: 'student-t' }
 * const point = { at: 1, kl: 0, proxy: { value: 0.2, interval, tasks: 10 }, gold: { value: 0.3, interval, tasks: 10 } }
 * const verdict = { stop: false, reason: 'gold rises', bestStep: 1 }
 * const sections = overOptimisationSections({ form: 'best-of-n', points: [point], verdict })
 * sections.map(({ kind }) => kind) // => ['chart', 'table']
 * sections[0].text // => 'Go on: gold rises. Gold is best at n = 1.'
 * ```
 */
export function overOptimisationSections(
  found: ReportedOverOptimisation,
  title: string = 'Proxy against gold',
): readonly ReportSection[] {
  const { form, points, law, verdict } = found
  const at = form === 'rl' ? 'step' : 'n'
  const best = `Gold is best at ${at} ${form === 'rl' ? '' : '= '}${verdict.bestStep}.`
  const series = (['proxy', 'gold'] as const).map((name) => ({
    name,
    points: [...points]
      .sort((a, b) => a.kl - b.kl)
      .map(({ kl, [name]: { value, interval } }) => ({ kl, value, interval })),
  }))
  const fitted = law && { name: 'law of gold', context: true, points: lawPoints(law, points) }
  const figures = estimateTable({
    rowHeader: at,
    unit: plain,
    rows: points.map(({ at, proxy, gold }) => ({ label: String(at), estimates: { proxy, gold } })),
  })
  return [
    {
      kind: 'chart',
      title,
      text: `${verdict.stop ? 'Stop' : 'Go on'}: ${verdict.reason}. ${best}`,
      charts: [divergenceChart({ metric: 'reward', series: [...series, ...(fitted ? [fitted] : [])] })],
    },
    { kind: 'table', title: `${title}: figures`, table: figures },
    ...(law
      ? [{ kind: 'table', title: `${title}: law of over-optimisation`, table: lawTable(form, law) } as const]
      : []),
  ]
}

type Law = NonNullable<ReportedOverOptimisation['law']>

/** The law from KL 0 on, evenly in √KL. */
function lawPoints(law: Law, points: ReportedOverOptimisation['points']): { kl: number; value: number }[] {
  const initial = points[0]!.gold.value
  const last = Math.sqrt(Math.max(...points.map(({ kl }) => kl)))
  return Array.from({ length: LAW_POINTS + 1 }, (_, i) => ((last * i) / LAW_POINTS) ** 2).map((kl) => ({
    kl,
    value: initial + law.goldAt(kl),
  }))
}

function lawTable(form: ReportedOverOptimisation['form'], { coefficients, peakKl, tasks }: Law): Table {
  const row = (name: string, { value, se, interval }: ReportedCoefficient): string[] => [
    name,
    formatNumber(value),
    formatNumber(se),
    `[${formatNumber(interval.lower)}, ${formatNumber(interval.upper)}]`,
  ]
  return {
    columns: [
      { header: form === 'rl' ? 'R = d(α − β log d), d = √KL' : 'R = d(α − βd), d = √KL' },
      { header: 'value', align: 'right' },
      { header: 'standard error', align: 'right' },
      { header: 'interval', align: 'right' },
    ],
    rows: [
      row('α', coefficients.alpha),
      row('β', coefficients.beta),
      ...(peakKl ? [row(`KL of the peak (${nats.symbol})`, peakKl)] : []),
    ],
    note:
      `R is the gold reward gained over the first point; standard errors are over n = ${tasks} tasks` +
      (peakKl ? '.' : '; β may be 0, so that no peak is known.'),
  }
}
