import { invalidArgument } from '@posttrain/core'
import type { TopLevelSpec } from 'vega-lite'
import type { Chart } from './chart.js'
import { chartTheme } from './chart-theme.js'
import { estimatedWidth } from './estimated-width.js'
import { loadVega } from './load-vega.js'
import { svgPicture } from './svg-picture.js'

/**
 * Draws a chart as SVG, without a browser and without reaching the network. Vega and Vega-Lite, optional peer
 * dependencies, are loaded at the first call.
 *
 * @param chart from `curveChart`, `trainingChart`, or a Vega-Lite specification of your own with its description
 * @param idPrefix starts every id in the picture, so that several can stand in one page (default `chart`)
 * @returns one `<svg>` element; the same chart gives the same bytes
 * @throws PosttrainError `invalid-argument` where Vega or Vega-Lite would only warn; `unsupported` where they are not
 *   installed.
 * @example
 * ```ts
 * const points = [{ k: 1, value: 0.31 }, { k: 8, value: 0.5 }]
 * const svg = await renderChart(curveChart({ series: [{ name: 'mean', points }] }))
 * svg.startsWith('<svg role="img"') // => true
 * ```
 */
export async function renderChart(
  chart: Pick<Chart, 'spec' | 'description'>,
  idPrefix: string = 'chart',
): Promise<string> {
  const { vega, vegaLite } = await loadVega()
  useEstimatedWidths(vega)
  const problems: string[] = []
  const keep = (...messages: readonly unknown[]): void => void problems.push(messages.map(String).join(' '))
  const logger = {
    ...vega.logger(vega.Warn),
    error: (...messages: readonly unknown[]) => (keep(...messages), logger),
    warn: (...messages: readonly unknown[]) => (keep(...messages), logger),
  }
  const refuse = (uri: string): Promise<never> => Promise.reject(new Error(`charts load nothing, so not ${uri} either`))
  const loader = { ...vega.loader(), load: refuse, sanitize: refuse }
  const spec = { ...chart.spec, config: { ...chartTheme, ...(chart.spec['config'] as object | undefined) } }
  try {
    // The specification is the user's JSON: Vega-Lite checks it, its type cannot.
    const compiled = vegaLite.compile(spec as unknown as TopLevelSpec, { logger })
    const view = new vega.View(vega.parse(compiled.spec), { renderer: 'none', logger, loader })
    const svg = await view.toSVG()
    view.finalize()
    if (problems.length > 0) throw new Error(problems.join('; '))
    return svgPicture(svg, chart.description, idPrefix)
  } catch (cause) {
    throw invalidArgument(`a chart could not be drawn: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

/**
 * Vega measures texts with a canvas where one happens to be installed and guesses broadly where not; with one estimate
 * for all, a chart is the same picture everywhere. The declarations of Vega lack this setting.
 */
function useEstimatedWidths(vega: object): void {
  const { textMetrics } = vega as {
    textMetrics: { width: (item: { fontSize?: number }, text?: string | number) => number }
  }
  textMetrics.width = ({ fontSize = 11 }, text = '') => estimatedWidth(`${text}`, fontSize)
}
