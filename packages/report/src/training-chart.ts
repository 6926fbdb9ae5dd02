import { invalidArgument, requireFinite, requireInteger } from '@posttrain/core'
import type { Chart } from './chart.js'
import { formatValue } from './format-estimate.js'
import { seriesEncoding } from './series-encoding.js'
import type { NamedSeries } from './series-style.js'
import { smooth } from './smooth.js'
import { plain, type Unit } from './unit.js'

/** A metric of one training run. */
export interface TrainingSeries extends NamedSeries {
  /** By increasing step. */
  readonly points: readonly { readonly step: number; readonly value: number }[]
}

/** A chart of a metric against the training step. */
export interface TrainingChartOptions {
  /** Name of the vertical axis, for instance `reward`. */
  readonly metric: string
  readonly series: readonly TrainingSeries[]
  /** Caption (default: the metric). */
  readonly title?: string | undefined
  /** Neighbours on each side in the moving average (default: 2 % of the longest series, at least 1). */
  readonly smoothing?: number | undefined
  /** Names of all systems of the report, so that each keeps its colour from chart to chart. */
  readonly order?: readonly string[] | undefined
  /** How values are written (default as they are). */
  readonly unit?: Unit | undefined
}

const width = 470

/**
 * A metric against the training step: per series a faint line through the values and a strong one through their centred
 * moving average; the chart says over how many points.
 *
 * @throws PosttrainError `invalid-argument` for no points, steps that do not increase, a number that is not finite, or
 *   two series of one name.
 * @example
 * ```ts
 * const points = [{ step: 0, value: 0.1 }, { step: 1, value: 0.3 }, { step: 2, value: 0.2 }]
 * trainingChart({ metric: 'reward', series: [{ name: 'mean', points }] }).description
 * // => 'reward by training step, moving average of 3. mean: 0.200 at step 0, 0.250 at step 2.'
 * ```
 */
export function trainingChart(options: TrainingChartOptions): Chart {
  const { metric, series, order, unit = plain, title = metric } = options
  series.forEach(requireIncreasingSteps)
  const longest = Math.max(0, ...series.map(({ points }) => points.length))
  if (longest === 0) throw invalidArgument(`the chart of ${metric} needs at least one point, but its series have none`)
  const radius = requireInteger('smoothing', options.smoothing ?? Math.max(1, Math.round(longest / 50)), { min: 0 })
  const average = radius === 0 ? '' : `moving average of ${2 * radius + 1}`
  const style = seriesEncoding(series, width, order)
  const values = series.flatMap(({ points }, place) => {
    const averages = smooth(
      points.map(({ value }) => value),
      radius,
    )
    return points.map(({ step, value }, i) => ({
      series: place,
      step,
      value: value * unit.scale,
      average: averages[i]! * unit.scale,
    }))
  })
  const y = { type: 'quantitative', title: null, scale: { zero: false }, axis: { tickCount: 5 } }
  return {
    title,
    description: `${metric} by training step${average && `, ${average}`}. ${series.map((one) => describeEnds(one, radius, unit)).join(' ')}`,
    spec: {
      title: [unit.symbol, average].filter((part) => part !== '').join(', ') || metric,
      width,
      height: 280,
      params: style.params,
      data: { values },
      encoding: { x: { field: 'step', type: 'quantitative', title: 'step', axis: { tickCount: 6, format: 'd' } } },
      layer: [
        {
          mark: { type: 'line', strokeWidth: 1, opacity: 0.28 },
          encoding: { y: { ...y, field: 'value' }, stroke: style.stroke, detail: { field: 'series' } },
        },
        {
          mark: { type: 'line', strokeWidth: 2.25 },
          encoding: { y: { ...y, field: 'average' }, stroke: style.stroke, strokeDash: style.dash },
        },
      ],
    },
  }
}

function requireIncreasingSteps({ name, points }: TrainingSeries): void {
  points.forEach(({ step, value }, i) => {
    requireFinite(`step of ${name}`, step)
    requireFinite(`value of ${name} at step ${step}`, value)
    const before = points[i - 1]?.step ?? -Infinity
    if (step <= before) throw invalidArgument(`the steps of ${name} must increase, but ${step} follows ${before}`)
  })
}

function describeEnds({ name, points }: TrainingSeries, radius: number, unit: Unit): string {
  const averages = smooth(
    points.map(({ value }) => value),
    radius,
  )
  const ends = [...new Set([0, points.length - 1])].filter((i) => i >= 0)
  const said = ends.map((i) => `${formatValue(averages[i]!, unit)} at step ${points[i]!.step}`)
  return `${name}: ${said.join(', ')}.`
}
