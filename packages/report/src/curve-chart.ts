import { invalidArgument, requireInteger, type Interval } from '@posttrain/core'
import type { Chart } from './chart.js'
import { formatEstimate, formatValue } from './format-estimate.js'
import { seriesEncoding } from './series-encoding.js'
import type { NamedSeries } from './series-style.js'
import type { Table } from './table.js'
import { percent, type Unit } from './unit.js'

/** One point of a curve; `{ k, ...estimate }` is one. */
export interface CurvePoint {
  readonly k: number
  readonly value: number
  readonly interval?: Interval | undefined
}

/** A line of a curve chart, its points by increasing k. */
export interface CurveSeries extends NamedSeries {
  readonly points: readonly CurvePoint[]
}

/** A chart of a metric against k. */
export interface CurveChartOptions {
  readonly series: readonly CurveSeries[]
  /** Name of the vertical axis (default `pass@k`). */
  readonly metric?: string | undefined
  /** Caption (default: the metric `against the number of samples`). */
  readonly title?: string | undefined
  /** Names of all systems of the report, so that each keeps its colour from chart to chart. */
  readonly order?: readonly string[] | undefined
  /** How values are written (default per cent). */
  readonly unit?: Unit | undefined
}

const width = 960

/** Bands of more series hide one another. */
const MOST_BANDS = 6

/** A line of one point has no length. */
const POINT = { filled: false, size: 30, strokeWidth: 4 }

/**
 * A metric against the number of samples k: a base-2 logarithmic axis, a line per series, a band where points have
 * intervals, unless there are more than six series; context series are grey and dashed.
 *
 * @throws PosttrainError `invalid-argument` for no points, ks that are no increasing positive integers, a value that is
 *   not finite, or two series of one name.
 * @example
 * ```ts
 * const points = [{ k: 1, value: 0.31 }, { k: 8, value: 0.5 }]
 * curveChart({ series: [{ name: 'mean', points }] }).description
 * // => 'pass@k for k from 1 to 8. mean: 31.0 % at k = 1, 50.0 % at k = 8.'
 * ```
 */
export function curveChart(options: CurveChartOptions): Chart {
  const {
    series,
    metric = 'pass@k',
    title = `${metric} against the number of samples`,
    order,
    unit = percent,
  } = options
  const ks = distinctKs(series)
  const first = ks[0]!
  const last = ks.at(-1)!
  const style = seriesEncoding(series, width, order)
  const written = (value: number): number => value * unit.scale
  const y = { type: 'quantitative', title: null, scale: { zero: true }, axis: { tickCount: 6 } }
  const band = {
    transform: [{ filter: 'isValid(datum.lower)' }],
    mark: { type: 'area', opacity: 0.16 },
    encoding: { y: { ...y, field: 'lower' }, y2: { field: 'upper' }, fill: style.fill },
  }
  const measured = series.some(({ points }) => points.some(({ interval }) => interval !== undefined))
  const banded = measured && series.length <= MOST_BANDS
  const axis = unit.symbol === '' ? metric : `${metric} (${unit.symbol})`
  return {
    title,
    description: `${metric} for k from ${first} to ${last}. ${series.map((one) => describeEnds(one, unit)).join(' ')}`,
    data: numbersOf(series, ks, unit),
    spec: {
      title: measured && !banded ? `${axis}; the intervals are among the numbers` : axis,
      width,
      height: 410,
      params: style.params,
      data: {
        values: series.flatMap(({ points }, place) =>
          points.map(({ k, value, interval }) => ({
            series: place,
            k,
            value: written(value),
            ...(interval && { lower: written(interval.lower), upper: written(interval.upper) }),
          })),
        ),
      },
      encoding: {
        x: {
          field: 'k',
          type: 'quantitative',
          title: 'k, samples per task',
          scale: { type: 'log', base: 2, domain: [first, Math.max(last, first + 1)], nice: false },
          axis: { values: powersOfTwo(first, last), format: 'd', labelFlush: false },
        },
      },
      layer: [
        ...(banded ? [band] : []),
        {
          mark: { type: 'line', strokeWidth: 2.25, ...(ks.length === 1 && { point: POINT }) },
          encoding: { y: { ...y, field: 'value' }, stroke: style.stroke, strokeDash: style.dash },
        },
      ],
    },
  }
}

function distinctKs(series: readonly CurveSeries[]): readonly number[] {
  for (const { name, points } of series) {
    points.forEach(({ k }, i) => {
      requireInteger(`k of ${name}`, k, { min: 1 })
      if (i > 0 && k <= points[i - 1]!.k)
        throw invalidArgument(`the ks of ${name} must increase, but ${k} follows ${points[i - 1]!.k}`)
    })
  }
  const ks = [...new Set(series.flatMap(({ points }) => points.map(({ k }) => k)))].sort((a, b) => a - b)
  if (ks.length === 0) throw invalidArgument('a curve chart needs at least one point, but its series have none')
  return ks
}

function powersOfTwo(first: number, last: number): readonly number[] {
  const powers: number[] = []
  for (let k = 1; k <= last; k *= 2) if (k >= first) powers.push(k)
  return powers
}

function describeEnds({ name, points }: CurveSeries, unit: Unit): string {
  const ends = points.length > 1 ? [points[0]!, points.at(-1)!] : points
  return `${name}: ${ends.map(({ k, value }) => `${formatValue(value, unit)} at k = ${k}`).join(', ')}.`
}

function numbersOf(series: readonly CurveSeries[], ks: readonly number[], unit: Unit): Table {
  const cell = (points: readonly CurvePoint[], k: number): string => {
    const point = points.find((p) => p.k === k)
    if (point === undefined) return ''
    const { value, interval } = point
    return interval ? formatEstimate({ value, interval }, unit) : formatValue(value, unit)
  }
  return {
    columns: [
      { header: 'k', align: 'right' },
      ...series.map(({ name }) => ({ header: name, align: 'right' as const })),
    ],
    rows: ks.map((k) => [String(k), ...series.map(({ points }) => cell(points, k))]),
  }
}
