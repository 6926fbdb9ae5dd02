import type { ChartSpec } from './chart.js'
import { estimatedWidth } from './estimated-width.js'
import { seriesStyles, type NamedSeries } from './series-style.js'

/**
 * Vega-Lite encodings that draw the field `series` in its style; stroke and dash share one legend. The field holds the
 * place of a series, not its name: Vega keeps what it groups by as keys of an object, where `constructor` is taken.
 */
export interface SeriesEncoding {
  /** Belong at the top of the specification. */
  readonly params: readonly ChartSpec[]
  readonly stroke: ChartSpec
  readonly dash: ChartSpec
  readonly fill: ChartSpec
}

/**
 * The encodings of a chart's series.
 *
 * @param width pixels the legend may take before it breaks into columns
 * @throws PosttrainError as `seriesStyles`.
 */
export function seriesEncoding(
  series: readonly NamedSeries[],
  width: number,
  order?: readonly string[],
): SeriesEncoding {
  const styles = seriesStyles(series, order)
  const names = series.map(({ name }) => name)
  const domain = names.map((_, place) => place)
  const color = { field: 'series', type: 'nominal', scale: { domain, range: styles.map((s) => s.color) } }
  const widths = names.map((name) => estimatedWidth(name, 12) + 45) // symbol and padding
  const fits = widths.reduce((sum, w) => sum + w, 0) <= width
  const columns = fits ? domain.length : Math.max(1, Math.floor(width / Math.max(...widths)))
  const legend = domain.length > 1 ? { symbolType: 'stroke', columns, labelExpr: 'seriesNames[datum.value]' } : null
  return {
    params: [{ name: 'seriesNames', value: names }],
    stroke: { ...color, legend },
    dash: { field: 'series', type: 'nominal', scale: { domain, range: styles.map((s) => [...s.dash]) }, legend },
    fill: color,
  }
}
