import { invalidArgument, requireFinite, type Interval } from '@posttrain/core'
import type { Chart } from './chart.js'
import { formatEstimate, formatValue } from './format-estimate.js'
import { percent, plain, type Unit } from './unit.js'

/** One of several choices: what it costs, and what it is worth. */
export interface TradeOffPoint {
  readonly name: string
  /** Above 0. */
  readonly cost: number
  readonly value: number
  readonly interval?: Interval | undefined
}

/** A chart of value against cost. */
export interface TradeOffChartOptions {
  readonly points: readonly TradeOffPoint[]
  /** Name of the vertical axis, for instance `solved`. */
  readonly metric: string
  /** Name of the horizontal axis, for instance `cost of a decision`. */
  readonly costName: string
  /** Caption (default: the metric `against` the cost). */
  readonly title?: string | undefined
  /** How values are written (default per cent). */
  readonly unit?: Unit | undefined
  /** How costs are written (default as they are). */
  readonly costUnit?: Unit | undefined
}

/**
 * Which points no other beats: none is worth as much for less, or more for as little.
 *
 * @example
 * ```ts
 * const points = [{ cost: 1, value: 0.5 }, { cost: 2, value: 0.4 }, { cost: 3, value: 0.9 }]
 * undominatedPoints(points).map(({ cost }) => cost) // => [1, 3]
 * ```
 */
export const undominatedPoints = <P extends Pick<TradeOffPoint, 'cost' | 'value'>>(
  points: readonly P[],
): readonly P[] =>
  points.filter(
    (one) =>
      !points.some(
        ({ cost, value }) => cost <= one.cost && value >= one.value && (cost < one.cost || value > one.value),
      ),
  )

const width = 960

/**
 * Value against cost, on a logarithmic axis of cost: the points that no other beats are filled, named and joined by a
 * line; the others are hollow, and named in the table.
 *
 * @throws PosttrainError `invalid-argument` for no points, a cost that is not above 0, a value that is not finite, or
 *   two points of one name
 * @example
 * ```ts
 * const points = [{ name: 'one', cost: 1, value: 0.5 }, { name: 'vote', cost: 8, value: 0.6 }]
 * tradeOffChart({ points, metric: 'solved', costName: 'cents' }).description
 * // => 'solved against cents: 2 choices. No other beats one (50.0 % at 1.000), vote (60.0 % at 8.000).'
 * ```
 */
export function tradeOffChart(options: TradeOffChartOptions): Chart {
  const { points, metric, costName, unit = percent, costUnit = plain } = options
  const { title = `${metric} against ${costName}` } = options
  if (points.length === 0) throw invalidArgument(`the chart of ${metric} needs at least one point`)
  const names = new Set<string>()
  for (const { name, cost, value } of points) {
    if (names.has(name)) throw invalidArgument(`two points are named ${JSON.stringify(name)}`)
    names.add(name)
    requireFinite(`cost of ${name}`, cost, { above: 0 })
    requireFinite(`value of ${name}`, value)
  }
  const front = [...undominatedPoints(points)].sort((a, b) => a.cost - b.cost)
  const byCost = [...points].sort((a, b) => a.cost - b.cost)
  const described = front.map(
    ({ name, cost, value }) => `${name} (${formatValue(value, unit)} at ${formatValue(cost, costUnit)})`,
  )
  const y = { field: 'value', type: 'quantitative', title: null, scale: { zero: false }, axis: { tickCount: 6 } }
  const ink = 'var(--chart-ink, #4a5565)'
  const hue = 'var(--series-1, #2563a8)'
  const only = (isUndominated: boolean): object => ({ transform: [{ filter: `datum.front === ${isUndominated}` }] })
  return {
    title,
    description: `${metric} against ${costName}: ${points.length} choices. No other beats ${described.join(', ')}.`,
    data: {
      columns: [
        { header: 'choice' },
        { header: costName, align: 'right' },
        { header: metric, align: 'right' },
        { header: 'beaten' },
      ],
      rows: byCost.map((point) => [
        point.name,
        formatValue(point.cost, costUnit),
        point.interval
          ? formatEstimate({ value: point.value, interval: point.interval }, unit)
          : formatValue(point.value, unit),
        front.includes(point) ? 'no' : 'yes',
      ]),
    },
    spec: {
      title: unit.symbol === '' ? metric : `${metric} (${unit.symbol})`,
      width,
      height: 410,
      data: {
        values: byCost.map((point) => ({
          name: point.name,
          cost: point.cost * costUnit.scale,
          value: point.value * unit.scale,
          front: front.includes(point),
        })),
      },
      encoding: {
        x: {
          field: 'cost',
          type: 'quantitative',
          title: costUnit.symbol === '' ? costName : `${costName} (${costUnit.symbol})`,
          scale: { type: 'log', nice: false, padding: 30 },
          axis: { tickCount: 8, labelFlush: false },
        },
        y,
      },
      layer: [
        { ...only(true), mark: { type: 'line', strokeWidth: 1.5, stroke: hue, interpolate: 'step-after' } },
        ...(front.length < points.length
          ? [{ ...only(false), mark: { type: 'point', filled: false, size: 40, strokeWidth: 1.75, stroke: ink } }]
          : []),
        { ...only(true), mark: { type: 'point', filled: true, size: 60, fill: hue, opacity: 1 } },
        {
          ...only(true),
          mark: { type: 'text', align: 'center', baseline: 'bottom', dy: -8, fontSize: 12, fill: ink },
          encoding: { text: { field: 'name', type: 'nominal' } },
        },
      ],
    },
  }
}
