import { html, nothing, type Html } from './html.js'
import { htmlSamples } from './html-samples.js'
import { styleSheet } from './html-style.js'
import { htmlTable } from './html-table.js'
import { renderChart } from './render-chart.js'
import type { Chart } from './chart.js'
import type { Report, ReportSection } from './report.js'

/**
 * A report as one HTML page that needs nothing else: style and charts are inside, every text is escaped, nothing is
 * requested from anywhere.
 *
 * @returns the page; the same report gives the same bytes
 * @throws PosttrainError `invalid-argument` for a chart that cannot be drawn or a table with uneven rows.
 * @example
 * ```ts
 * const page = await renderHtmlReport({ title: 'A < B', sections: [{ kind: 'prose', text: 'Nothing to see.' }] })
 * page.includes('<h1>A &lt; B</h1>') // => true
 * ```
 */
export async function renderHtmlReport({ title, subtitle, sections, footer }: Report): Promise<string> {
  const bodies: Html[] = []
  for (const [i, section] of sections.entries()) bodies.push(await htmlSection(section, i + 1))
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${title}</title>
<style>${{ markup: styleSheet }}</style>
</head>
<body>
<header>
<h1>${title}</h1>
${subtitle === undefined ? nothing : html`<p class="subtitle">${subtitle}</p>`}
</header>
<main>
${bodies}
</main>
${footer === undefined ? nothing : html`<footer>${footer}</footer>`}
</body>
</html>
`.markup
}

async function htmlSection(section: ReportSection, number: number): Promise<Html> {
  const { title, text = '' } = section
  const paragraphs = text.split(/\n\s*\n/).filter((paragraph) => paragraph.trim() !== '')
  return html`<section>
${title === undefined ? nothing : html`<h2>${title}</h2>`}
${paragraphs.map((paragraph) => html`<p>${paragraph.trim()}</p>`)}
${await htmlContent(section, number)}
</section>`
}

async function htmlContent(section: ReportSection, number: number): Promise<Html> {
  switch (section.kind) {
    case 'prose':
      return nothing
    case 'table':
      return htmlTable(section.table)
    case 'samples':
      return htmlSamples(section.samples)
    case 'chart':
      return htmlFigures(section.charts, `chart-${number}`)
  }
}

async function htmlFigures(charts: readonly Chart[], idPrefix: string): Promise<Html> {
  const figures: Html[] = []
  for (const [i, chart] of charts.entries()) {
    const svg = { markup: await renderChart(chart, `${idPrefix}-${i + 1}`) }
    const { title, data } = chart
    figures.push(html`<figure>
<figcaption>${title}</figcaption>
<div>${svg}</div>
${data === undefined ? nothing : html`<details><summary>The numbers</summary>${htmlTable(data)}</details>`}
</figure>`)
  }
  return html`<div class="charts">
${figures}
</div>`
}
