import { invalidArgument, requireFinite, type Interval } from '@posttrain/core'
import type { Chart } from './chart.js'
import { formatEstimate, formatValue } from './format-estimate.js'
import { seriesEncoding } from './series-encoding.js'
import type { NamedSeries } from './series-style.js'
import { formatNumber, nats, plain, type Unit } from './unit.js'

/** A value at a divergence from the initial policy. */
export interface DivergencePoint {
  /** In nats. */
  readonly kl: number
  readonly value: number
  readonly interval?: Interval | undefined
}

/** A line of a divergence chart, its points by increasing KL. */
export interface DivergenceSeries extends NamedSeries {
  readonly points: readonly DivergencePoint[]
}

/** A chart of a metric against KL. */
export interface DivergenceChartOptions {
  /** Name of the vertical axis, for instance `reward gained`. */
  readonly metric: string
  readonly series: readonly DivergenceSeries[]
  /** Caption (default: the metric `against KL from the initial policy`). */
  readonly title?: string | undefined
  /** How values are written (default as they are). */
  readonly unit?: Unit | undefined
}

const width = 960

/**
 * A metric against KL from the initial policy, on an axis of √KL, in which laws of over-optimisation are written: a
 * line per series, with a band where its points have intervals; context series are grey and dashed.
 *
 * @throws PosttrainError `invalid-argument` for no points, a KL below 0, or a value that is not finite
 * @example
 * ```ts
 * const points = [{ kl: 0, value: 0 }, { kl: 2, value: 0.5 }]
 * divergenceChart({ metric: 'reward', series: [{ name: 'gold', points }] }).description
 * // => 'reward for KL from 0.000 to 2.000 nats. gold: 0.000 at 0.000 nats, 0.500 at 2.000 nats.'
 * ```
 */
export function divergenceChart(options: DivergenceChartOptions): Chart {
  const { metric, series, unit = plain, title = `${metric} against KL from the initial policy` } = options
  const kls = series.flatMap(({ name, points }) =>
    points.map(({ kl }) => requireFinite(`kl of ${name}`, kl, { min: 0 })),
  )
  if (kls.length === 0)
    throw invalidArgument(`the chart of ${metric} needs at least one point, but its series have none`)
  const style = seriesEncoding(series, width)
  const y = { type: 'quantitative', title: null, scale: { zero: true }, axis: { tickCount: 6 } }
  const band = {
    transform: [{ filter: 'isValid(datum.lower)' }],
    mark: { type: 'area', opacity: 0.16 },
    encoding: { y: { ...y, field: 'lower' }, y2: { field: 'upper' }, fill: style.fill },
  }
  const isBanded = series.some(({ points }) => points.some(({ interval }) => isKnown(interval)))
  const written = (value: number): number => value * unit.scale
  const [first, last] = [Math.min(...kls), Math.max(...kls)]
  return {
    title,
    description:
      `${metric} for KL from ${formatNumber(first, nats)} to ${formatValue(last, nats)}. ` +
      series.map((one) => describeEnds(one, unit)).join(' '),
    data: {
      columns: [{ header: 'series' }, { header: 'KL (nats)', align: 'right' }, { header: metric, align: 'right' }],
      rows: series
        .filter(({ context }) => context !== true)
        .flatMap(({ name, points }) =>
          points.map(({ kl, value, interval }) => [
            name,
            formatNumber(kl, nats),
            interval ? formatEstimate({ value, interval }, unit) : formatValue(value, unit),
          ]),
        ),
    },
    spec: {
      title: unit.symbol === '' ? metric : `${metric} (${unit.symbol})`,
      width,
      height: 410,
      params: style.params,
      data: {
        values: series.flatMap(({ points }, place) =>
          points.map(({ kl, value, interval }) => ({
            series: place,
            kl,
            value: written(value),
            ...(isKnown(interval) && { lower: written(interval.lower), upper: written(interval.upper) }),
          })),
        ),
      },
      encoding: {
        x: {
          field: 'kl',
          type: 'quantitative',
          title: 'KL from the initial policy, nats',
          scale: { type: 'sqrt', domain: [0, Math.max(last, 1e-9)], nice: false },
          axis: { tickCount: 8, labelFlush: false },
        },
      },
      layer: [
        ...(isBanded ? [band] : []),
        {
          mark: { type: 'line', strokeWidth: 2.25, point: { filled: false, size: 30, strokeWidth: 2 } },
          encoding: { y: { ...y, field: 'value' }, stroke: style.stroke, strokeDash: style.dash },
        },
      ],
    },
  }
}

/** An interval of one task, or of tasks that all agree, has bounds of NaN. */
const isKnown = (interval: Interval | undefined): interval is Interval =>
  interval !== undefined && !Number.isNaN(interval.lower)

function describeEnds({ name, points }: DivergenceSeries, unit: Unit): string {
  const ends = points.length > 1 ? [points[0]!, points.at(-1)!] : points
  return `${name}: ${ends.map(({ kl, value }) => `${formatValue(value, unit)} at ${formatValue(kl, nats)}`).join(', ')}.`
}
