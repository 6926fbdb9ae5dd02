import { invalidArgument, requireFinite } from '@posttrain/core'
import type { Chart } from './chart.js'
import { formatValue } from './format-estimate.js'
import { seriesEncoding } from './series-encoding.js'
import type { NamedSeries } from './series-style.js'
import type { Table } from './table.js'
import { percent, type Unit } from './unit.js'

/** What the tasks of one system give, in any order. */
export interface SortedSeries extends NamedSeries {
  /** (tasks) */
  readonly values: ArrayLike<number>
}

/** A chart of tasks sorted by what each gives. */
export interface SortedChartOptions {
  readonly series: readonly SortedSeries[]
  /** What a task gives, for instance `pass@1`, or `B − A`. */
  readonly metric: string
  /** Caption (default: the metric `of each task, sorted`). */
  readonly title?: string | undefined
  /** How values are written (default per cent). */
  readonly unit?: Unit | undefined
}

const width = 960

/** Steps that are drawn of a series: more would be thinner than a pixel. */
const STEPS = 1000

/** Shares of the tasks whose values are offered as numbers. */
const SHARES = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]

/**
 * Tasks sorted by what each gives, from the lowest to the highest: the horizontal axis is the share of tasks, so that
 * 5 tasks and 100,000 look alike, and systems with different numbers of tasks. A step is a task, or several that give
 * the same; of more than 1000 tasks every thousandth part has a step. One system alone is filled down to 0.
 *
 * @throws PosttrainError `invalid-argument` for a series without values, a value that is not finite, or two series of
 *   one name.
 * @example
 * ```ts
 * sortedChart({ metric: 'pass@1', series: [{ name: 'mean', values: [1, 0, 0.25, 0] }] }).description
 * // => 'pass@1 of each task, sorted. mean: 4 tasks, lowest 0.0 %, median 0.0 %, highest 100.0 %.'
 * ```
 */
export function sortedChart(options: SortedChartOptions): Chart {
  const { metric, title = `${metric} of each task, sorted`, unit = percent } = options
  const series = options.series.map(sorted)
  const style = seriesEncoding(series, width)
  // An axis of zeros alone would have no other number to go to.
  const domain = series.every(({ values }) => values[0] === 0 && values.at(-1) === 0) ? [0, unit.scale] : undefined
  const scale = { zero: true, ...(domain && { domain }) }
  const y = { type: 'quantitative', title: null, scale, axis: { tickCount: 6, gridColor: GRID } }
  const area = {
    mark: { type: 'area', opacity: 0.16 },
    encoding: { y: { ...y, field: 'value' }, y2: { datum: 0 }, fill: style.fill },
  }
  return {
    title,
    description: `${title}. ${series.map((one) => describeRange(one, unit)).join(' ')}`,
    data: numbersOf(series, unit),
    spec: {
      title: unit.symbol === '' ? metric : `${metric} (${unit.symbol})`,
      width,
      height: 320,
      params: style.params,
      data: {
        values: series.flatMap(({ values }, place) =>
          stepsOf(values).map(({ share, value }) => ({ series: place, share: 100 * share, value: value * unit.scale })),
        ),
      },
      encoding: {
        x: {
          field: 'share',
          type: 'quantitative',
          title: 'tasks, lowest first (%)',
          scale: { domain: [0, 100], nice: false },
          axis: { tickCount: 10, labelFlush: false },
        },
      },
      layer: [
        ...(series.length === 1 ? [area] : []),
        {
          mark: { type: 'line', strokeWidth: 2.25 },
          encoding: { y: { ...y, field: 'value' }, stroke: style.stroke, strokeDash: style.dash },
        },
      ],
    },
  }
}

/** Zero stands out: there a task is never solved, or two systems are alike. */
const GRID = {
  condition: { test: 'datum.value === 0', value: 'var(--chart-ink, #4a5565)' },
  value: 'var(--chart-grid, #e4e7ec)',
}

/** A series with its values from the lowest to the highest. */
function sorted({ values, ...series }: SortedSeries): NamedSeries & { readonly values: Float64Array } {
  if (values.length === 0) throw invalidArgument(`the chart of sorted tasks has no value of ${series.name}`)
  const own = Float64Array.from(values, (value) => requireFinite(`value of ${series.name}`, value))
  return { ...series, values: own.sort() }
}

/** A corner of the line, at a share of the tasks in [0, 1]. */
interface Corner {
  readonly share: number
  readonly value: number
}

/** The two ends of each level step. */
function stepsOf(values: Float64Array): readonly Corner[] {
  const steps = Math.min(values.length, STEPS)
  const valueAt = (step: number): number => values[Math.floor(((step + 0.5) * values.length) / steps)]!
  const corners: Corner[] = []
  for (let from = 0, to = 1; from < steps; from = to++) {
    const value = valueAt(from)
    while (to < steps && valueAt(to) === value) to++
    corners.push({ share: from / steps, value }, { share: to / steps, value })
  }
  return corners
}

/** The value of the task behind this share of them. */
const quantile = (values: Float64Array, share: number): number =>
  values[Math.max(0, Math.ceil(share * values.length) - 1)]!

function describeRange({ name, values }: ReturnType<typeof sorted>, unit: Unit): string {
  const tasks = `${values.length} ${values.length === 1 ? 'task' : 'tasks'}`
  const said = [0, 0.5, 1].map((share) => formatValue(quantile(values, share), unit))
  return `${name}: ${tasks}, lowest ${said[0]}, median ${said[1]}, highest ${said[2]}.`
}

function numbersOf(series: readonly ReturnType<typeof sorted>[], unit: Unit): Table {
  return {
    columns: [
      { header: 'share of tasks', align: 'right' },
      ...series.map(({ name }) => ({ header: name, align: 'right' as const })),
    ],
    rows: SHARES.map((share) => [
      share === 0 ? 'lowest' : share === 1 ? 'highest' : `${Math.round(100 * share)} %`,
      ...series.map(({ values }) => formatValue(quantile(values, share), unit)),
    ]),
    note: 'so many of the tasks give this or less',
  }
}
