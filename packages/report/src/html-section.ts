import { html, nothing, type Html } from './html.js'
import { htmlFigures } from './html-figures.js'
import { htmlSamples } from './html-samples.js'
import { htmlTable } from './html-table.js'
import { htmlTasks } from './html-tasks.js'
import type { ReportSection } from './report.js'

/** The id of a section, by its number from 1. */
export const sectionId = (number: number): string => `section-${number}`

/**
 * A section with its heading, its paragraphs and what it holds.
 *
 * @param named gives each part a name that is unique in the page
 */
export async function htmlSection(
  section: ReportSection,
  number: number,
  named: (name: string) => string,
): Promise<Html> {
  const { title, text = '' } = section
  const paragraphs = text.split(/\n\s*\n/).filter((paragraph) => paragraph.trim() !== '')
  return html`<section id="${sectionId(number)}">
${title === undefined ? nothing : html`<h2>${title}</h2>`}
${paragraphs.map((paragraph) => html`<p>${paragraph.trim()}</p>`)}
${await htmlContent(section, number, named)}
</section>`
}

async function htmlContent(section: ReportSection, number: number, named: (name: string) => string): Promise<Html> {
  switch (section.kind) {
    case 'prose':
      return nothing
    case 'table':
      return htmlTable(section.table, named(`Table: ${section.title ?? 'results'}`))
    case 'samples':
      return htmlSamples(section.samples)
    case 'tasks':
      return htmlTasks(section.tasks, named(section.title ?? 'Tasks'), `tasks-${number}`)
    case 'chart':
      return htmlFigures(section.charts, `chart-${number}`, named)
  }
}
