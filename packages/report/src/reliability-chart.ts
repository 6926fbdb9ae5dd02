import { invalidArgument, requireFinite, requireInteger, type Interval } from '@posttrain/core'
import type { Chart } from './chart.js'
import { formatEstimate, formatValue } from './format-estimate.js'
import { seriesEncoding } from './series-encoding.js'
import type { NamedSeries } from './series-style.js'
import { percent } from './unit.js'

/** Predictions that are near each other, and what happened; a bin of `calibrationOf` is one. */
export interface ReliabilityBin {
  /** Predictions in it. */
  readonly count: number
  /** Their mean, from 0 to 1. */
  readonly predicted: number
  /** The share that happened. */
  readonly observed: number
  /** Of `observed`. */
  readonly interval?: Interval | undefined
}

/** What one model predicted. */
export interface ReliabilitySeries extends NamedSeries {
  /** By increasing prediction. */
  readonly bins: readonly ReliabilityBin[]
}

/** A chart of what happened against what was predicted. */
export interface ReliabilityChartOptions {
  readonly series: readonly ReliabilitySeries[]
  /** Caption (default `What happened against what was predicted`). */
  readonly title?: string | undefined
}

const side = 410

/**
 * A reliability diagram: the share that happened against the predicted probability, in per cent, with the diagonal on
 * which calibrated predictions lie. A point is a bin, its area the number of its predictions, its bar the interval.
 *
 * Guo et al. 2017, https://arxiv.org/abs/1706.04599
 *
 * @throws PosttrainError `invalid-argument` for a series without bins, a probability outside 0 to 1, a count below 1,
 *   bins out of order, or two series of one name
 * @example
 * ```ts
 * const bins = [{ count: 30, predicted: 0.2, observed: 0.1 }, { count: 10, predicted: 0.9, observed: 0.7 }]
 * reliabilityChart({ series: [{ name: 'judge', bins }], title: 'Calibration of the judge' }).description
 * // => 'Calibration of the judge. judge: 40 predictions in 2 bins, on average 12.5 % apart.'
 * ```
 */
export function reliabilityChart(options: ReliabilityChartOptions): Chart {
  const { series, title = 'What happened against what was predicted' } = options
  series.forEach(requireBins)
  const style = seriesEncoding(series, side)
  const axis = { type: 'quantitative', scale: { domain: [0, 100], nice: false } }
  const x = { ...axis, field: 'predicted', title: 'predicted (%)', axis: { tickCount: 5, labelFlush: false } }
  const y = { ...axis, title: null, axis: { tickCount: 5 } }
  const diagonal = { from: 0, to: 100 }
  return {
    title,
    description: `${title}. ${series.map(describeGap).join(' ')}`,
    data: {
      columns: [
        { header: 'series' },
        { header: 'predicted', align: 'right' },
        { header: 'observed', align: 'right' },
        { header: 'predictions', align: 'right' },
      ],
      rows: series.flatMap(({ name, bins }) =>
        bins.map(({ count, predicted, observed, interval }) => [
          name,
          formatValue(predicted),
          interval ? formatEstimate({ value: observed, interval }) : formatValue(observed),
          String(count),
        ]),
      ),
    },
    spec: {
      title: 'observed (%)',
      width: side,
      height: side,
      params: style.params,
      data: {
        values: series.flatMap(({ bins }, place) =>
          bins.map(({ count, predicted, observed, interval }) => ({
            series: place,
            count,
            predicted: written(predicted),
            observed: written(observed),
            ...(interval && { lower: written(interval.lower), upper: written(interval.upper) }),
          })),
        ),
      },
      layer: [
        {
          data: { values: [diagonal] },
          mark: { type: 'rule', stroke: 'var(--series-context, #7b8494)', strokeDash: [6, 4] },
          encoding: {
            x: { ...x, field: 'from' },
            x2: { field: 'to' },
            y: { ...y, field: 'from' },
            y2: { field: 'to' },
          },
        },
        {
          transform: [{ filter: 'isValid(datum.lower)' }],
          mark: { type: 'rule', strokeWidth: 1.25 },
          encoding: { x, y: { ...y, field: 'lower' }, y2: { field: 'upper' }, stroke: style.stroke },
        },
        {
          mark: { type: 'line', strokeWidth: 1.25 },
          encoding: { x, y: { ...y, field: 'observed' }, stroke: style.stroke, strokeDash: style.dash },
        },
        {
          mark: { type: 'point', filled: true, opacity: 1, strokeWidth: 0 },
          encoding: {
            x,
            y: { ...y, field: 'observed' },
            fill: style.fill,
            size: { field: 'count', type: 'quantitative', scale: { zero: true, range: [0, 250] }, legend: null },
          },
        },
      ],
    },
  }
}

const written = (value: number): number => value * percent.scale

function requireBins({ name, bins }: ReliabilitySeries): void {
  if (bins.length === 0) throw invalidArgument(`the chart of reliability has no bin of ${name}`)
  bins.forEach(({ count, predicted, observed }, i) => {
    requireInteger(`count of bin ${i} of ${name}`, count, { min: 1 })
    requireFinite(`predicted of bin ${i} of ${name}`, predicted, { min: 0, max: 1 })
    requireFinite(`observed of bin ${i} of ${name}`, observed, { min: 0, max: 1 })
    if (i > 0 && predicted < bins[i - 1]!.predicted) {
      throw invalidArgument(
        `the bins of ${name} must be by increasing prediction, but bin ${i} is below the one before`,
      )
    }
  })
}

/** The expected calibration error in words. */
function describeGap({ name, bins }: ReliabilitySeries): string {
  const count = bins.reduce((total, bin) => total + bin.count, 0)
  const gap = bins.reduce((total, bin) => total + bin.count * Math.abs(bin.predicted - bin.observed), 0) / count
  const many = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`
  return `${name}: ${many(count, 'prediction')} in ${many(bins.length, 'bin')}, on average ${formatValue(gap)} apart.`
}
