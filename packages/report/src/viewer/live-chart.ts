import type { LiveChart, LiveSeries, LiveState } from '../live-state.js'
import { averaged, lineStyle } from './line-style.js'
import { svgElement } from './svg-element.js'
import { ticks } from './ticks.js'
import { written } from './written.js'

const [WIDTH, HEIGHT] = [470, 260]
const MARGIN = { left: 60, right: 14, top: 14, bottom: 50 } as const
/** Neighbours on each side in the strong line, as a share of the points. */
const SMOOTHING = 1 / 50

/** Points that a line has at most: more cannot be told apart. */
const MOST = 2000

interface Line {
  readonly name: string
  readonly steps: readonly number[]
  /** In the unit in which they are written. */
  readonly values: readonly number[]
}

/** A quantity against the step: of each series a faint line through the values, a strong one through their average. */
export function liveChart({ series, steps }: LiveState, chart: LiveChart): SVGSVGElement {
  const lines = series.map((one) => lineOf(one, chart))
  const all = lines.flatMap(({ values }) => values)
  const [low, high] = range(all)
  const x = (step: number): number =>
    MARGIN.left + (step / Math.max(1, steps - 1)) * (WIDTH - MARGIN.left - MARGIN.right)
  const y = (value: number): number =>
    HEIGHT - MARGIN.bottom - ((value - low) / (high - low)) * (HEIGHT - MARGIN.top - MARGIN.bottom)
  const paths = lines.flatMap(({ steps: at, values }, i) => {
    const radius = Math.max(1, Math.round(values.length * SMOOTHING))
    const { color, dash } = lineStyle(i)
    const own = { stroke: color, 'stroke-dasharray': dash }
    const path = (of: readonly number[]): string =>
      of.map((value, j) => `${j === 0 ? 'M' : 'L'}${x(at[j]!).toFixed(1)} ${y(value).toFixed(1)}`).join('')
    return [
      svgElement('path', { class: 'raw', d: path(values), 'stroke-width': 1, ...own }),
      svgElement('path', { class: 'average', d: path(averaged(values, radius)), 'stroke-width': 2.25, ...own }),
    ]
  })
  const picture = svgElement('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img' })
  picture.setAttribute('aria-label', describe(chart, lines))
  picture.append(...axes({ low, high, steps, x, y, digits: chart.unit.digits }), ...paths)
  return picture
}

const lineOf = ({ name, points }: LiveSeries, { key, unit }: LiveChart): Line => {
  const every = Math.ceil(points.length / MOST)
  const having = points.filter(({ values }, i) => i % every === 0 && Number.isFinite(values[key]))
  return {
    name,
    steps: having.map(({ step }) => step),
    values: having.map(({ values }) => values[key]! * unit.scale),
  }
}

/** What the axis shows: a little more than there is. */
function range(values: readonly number[]): readonly [number, number] {
  if (values.length === 0) return [0, 1]
  const [low, high] = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity])
  const room = (high - low || Math.abs(high) || 1) * 0.05
  return [low - room, high + room]
}

interface Axes {
  readonly low: number
  readonly high: number
  readonly steps: number
  readonly x: (step: number) => number
  readonly y: (value: number) => number
  readonly digits: number
}

function axes({ low, high, steps, x, y, digits }: Axes): SVGElement[] {
  const rows = ticks(low, high).flatMap((value) => [
    svgElement('line', { class: 'grid', x1: MARGIN.left, x2: WIDTH - MARGIN.right, y1: y(value), y2: y(value) }),
    svgElement('text', { x: MARGIN.left - 8, y: y(value) + 4, 'text-anchor': 'end' }, label(value, digits)),
  ])
  const columns = ticks(0, Math.max(1, steps - 1))
    .filter(Number.isInteger)
    .map((step) => svgElement('text', { x: x(step), y: HEIGHT - 28, 'text-anchor': 'middle' }, String(step)))
  return [...rows, ...columns, svgElement('text', { x: WIDTH / 2, y: HEIGHT - 4, 'text-anchor': 'middle' }, 'step')]
}

const label = (value: number, digits: number): string => String(Number(value.toFixed(digits))).replace('-', '−')

const describe = ({ title, unit }: LiveChart, lines: readonly Line[]): string =>
  `${title} by training step. ${lines
    .map(({ name, steps, values }) =>
      values.length === 0
        ? `${name}: nothing yet.`
        : `${name}: ${written(values.at(-1)! / unit.scale, unit)} at step ${steps.at(-1)!}.`,
    )
    .join(' ')}`
