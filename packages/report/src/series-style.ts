import { invalidArgument } from '@posttrain/core'

/** How one line is drawn. */
export interface SeriesStyle {
  readonly color: string
  /** Lengths of dash and gap; empty for a solid line. */
  readonly dash: readonly number[]
}

/** What gives a line its style. */
export interface NamedSeries {
  readonly name: string
  /** Published or otherwise not this run's: grey and dashed. */
  readonly context?: boolean | undefined
}

// Hues that stay apart under the common colour deficiencies. A page sets the custom properties, brighter in the dark;
// an SVG on its own falls back to these.
const hues = ['#2563a8', '#c4580a', '#15803d', '#8b3fa8', '#a3214f', '#0e7490']
const dashes = [[], [7, 3], [2, 3]]
const contextDashes = [
  [6, 4],
  [2, 3],
  [9, 3, 2, 3],
]

/**
 * Gives every series a colour and a dash: systems go through the hues, then through the dashes; context is grey.
 *
 * @param series the lines of one chart
 * @param order names of all systems of a report: each keeps its style from chart to chart (default: as in `series`)
 * @returns one style per series, in their order
 * @throws PosttrainError `invalid-argument` for a name that appears twice.
 * @example
 * ```ts
 * seriesStyles([{ name: 'GPT-4', context: true }])[0].dash // => [6, 4]
 * ```
 */
export function seriesStyles(series: readonly NamedSeries[], order: readonly string[] = []): readonly SeriesStyle[] {
  const names = series.map(({ name }) => name)
  const repeated = names.find((name, i) => names.indexOf(name) !== i)
  if (repeated !== undefined) throw invalidArgument(`two series are named ${JSON.stringify(repeated)}`)
  const contexts = series.filter(({ context }) => context).map(({ name }) => name)
  const systems = [...new Set([...order, ...names])].filter((name) => !contexts.includes(name))
  return series.map(({ name, context }) => {
    if (context) return { color: 'var(--series-context, #7b8494)', dash: cycle(contextDashes, contexts.indexOf(name)) }
    const index = systems.indexOf(name)
    const hue = index % hues.length
    return { color: `var(--series-${hue + 1}, ${hues[hue]!})`, dash: cycle(dashes, Math.floor(index / hues.length)) }
  })
}

const cycle = <T>(values: readonly T[], index: number): T => values[index % values.length]!
