import type { ChartSpec } from './chart.js'
import { estimatedWidth } from './estimated-width.js'
import { seriesStyles, type NamedSeries } from './series-style.js'

/** Vega-Lite encodings that draw the field `series` in its style; stroke and dash share one legend. */
export interface SeriesEncoding {
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
  const domain = series.map(({ name }) => name)
  const color = { field: 'series', type: 'nominal', scale: { domain, range: styles.map((s) => s.color) } }
  const widths = domain.map((name) => estimatedWidth(name, 12) + 45) // symbol and padding
  const fits = widths.reduce((sum, w) => sum + w, 0) <= width
  const columns = fits ? domain.length : Math.max(1, Math.floor(width / Math.max(...widths)))
  const legend = domain.length > 1 ? { symbolType: 'stroke', columns } : null
  return {
    stroke: { ...color, legend },
    dash: { field: 'series', type: 'nominal', scale: { domain, range: styles.map((s) => [...s.dash]) }, legend },
    fill: color,
  }
}
