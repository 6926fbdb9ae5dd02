import { html, nothing, type Html } from './html.js'
import { htmlSection, sectionId } from './html-section.js'
import { styleSheet } from './html-style.js'
import type { Report, ReportSection } from './report.js'
import { uniqueNames } from './unique-names.js'
import { viewerHash, viewerScript } from './viewer.generated.js'

/** What a page may do: nothing but show itself, and run the scripts of these hashes. */
const policy = (scripts: readonly string[]): string =>
  ["default-src 'none'", "style-src 'unsafe-inline'", 'img-src data:', "base-uri 'none'", "form-action 'none'"]
    .concat(scripts.map((hash) => `script-src '${hash}'`))
    .join('; ')

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
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${{ markup: policy(hasTasks ? [viewerHash] : []) }}">
<title>${title}</title>
<style>${{ markup: styleSheet }}</style>
</head>
<body>
<header>
<h1>${title}</h1>
${subtitle === undefined ? nothing : html`<p class="subtitle">${subtitle}</p>`}
${htmlContents(sections)}
</header>
<main>
${bodies}
</main>
${footer === undefined ? nothing : html`<footer>${footer}</footer>`}
${hasTasks ? html`<script>${{ markup: viewerScript }}</script>` : nothing}
</body>
</html>
`.markup
}

/** Links to the sections that have a title, where there are several. */
function htmlContents(sections: readonly ReportSection[]): Html {
  const links = sections.flatMap(({ title }, i) =>
    title === undefined ? [] : [html`<li><a href="#${sectionId(i + 1)}">${title}</a></li>`],
  )
  return links.length < 2 ? nothing : html`<nav aria-label="Contents"><ul>${links}</ul></nav>`
}
