import type { Chart } from './chart.js'
import { html, nothing, type Html } from './html.js'
import { htmlTable } from './html-table.js'
import { renderChart } from './render-chart.js'
import { scrollArea } from './scroll-area.js'

/**
 * Charts with their captions and numbers. A chart keeps the size it is drawn in, at which its texts can be read.
 *
 * @param idPrefix starts the ids of each picture
 * @param named gives each part a name that is unique in the page
 */
export async function htmlFigures(
  charts: readonly Chart[],
  idPrefix: string,
  named: (name: string) => string,
): Promise<Html> {
  const figures: Html[] = []
  for (const [i, chart] of charts.entries()) {
    const { title, data } = chart
    const picture = { markup: await renderChart(chart, `${idPrefix}-${i + 1}`) }
    const numbers = data && htmlTable(data, named(`The numbers of ${title}`))
    figures.push(html`<figure>
<figcaption>${title}</figcaption>
${scrollArea(named(`Chart of ${title}`), picture)}
${numbers === undefined ? nothing : html`<details><summary>The numbers</summary>${numbers}</details>`}
</figure>`)
  }
  return html`<div class="charts">
${figures}
</div>`
}
