import { html, nothing, type Html } from './html.js'
import { htmlPage } from './html-page.js'
import { htmlSection, sectionId } from './html-section.js'
import type { Report, ReportSection } from './report.js'
import { uniqueNames } from './unique-names.js'
import { viewerHash, viewerScript } from './viewer.generated.js'

/**
 * A report as one HTML page that needs nothing else: style and charts are inside, every text is escaped, nothing is
 * requested from anywhere. A page with a `tasks` section has one script, which its policy admits by hash; any other
 * page has none.
 *
 * @returns the page; the same report gives the same bytes
 * @throws PosttrainError `invalid-argument` for a chart that cannot be drawn, a table with uneven rows or a reward that
 *   is not finite; `unsupported` for a chart where Vega and Vega-Lite are not installed.
 * @example
 * ```ts
 * const page = await renderHtmlReport({ title: 'A < B', sections: [{ kind: 'prose', text: 'Nothing to see.' }] })
 * page.includes('<h1>A &lt; B</h1>') // => true
 * ```
 */
export async function renderHtmlReport({ title, subtitle, sections, footer }: Report): Promise<string> {
  const named = uniqueNames()
  const bodies: Html[] = []
  for (const [i, section] of sections.entries()) bodies.push(await htmlSection(section, i + 1, named))
  const hasTasks = sections.some(({ kind }) => kind === 'tasks')
  return htmlPage({
    title,
    head: html`${subtitle === undefined ? nothing : html`<p class="subtitle">${subtitle}</p>`}
${htmlContents(sections)}`,
    main: html`${bodies}`,
    footer,
    script: hasTasks ? { script: viewerScript, hash: viewerHash } : undefined,
  })
}

/** Links to the sections that have a title, where there are several. */
function htmlContents(sections: readonly ReportSection[]): Html {
  const links = sections.flatMap(({ title }, i) =>
    title === undefined ? [] : [html`<li><a href="#${sectionId(i + 1)}">${title}</a></li>`],
  )
  return links.length < 2 ? nothing : html`<nav aria-label="Contents"><ul>${links}</ul></nav>`
}
