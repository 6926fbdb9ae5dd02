import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderHtmlReport } from '../src/render-html-report.js'
import type { Report } from '../src/report.js'
import { hostileTexts } from './hostile-texts.js'
import { reportOf } from './report-of.js'

const withoutTasks = (report: Report): Report => ({
  ...report,
  sections: report.sections.filter(({ kind }) => kind !== 'tasks'),
})
const policyOf = (page: string): string => /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!

describe('renderHtmlReport', () => {
  it('gives the same bytes for the same report', async () => {
    expect(await renderHtmlReport(reportOf('pass@8'))).toBe(await renderHtmlReport(reportOf('pass@8')))
  })

  it('has the same markup whatever the texts are', async () => {
    /** Tags and names of attributes; a legend may break into more columns for long names, which its tags do not show. */
    const tags = async (text: string): Promise<string[]> =>
      (await renderHtmlReport(reportOf(text)))
        .match(/<[a-z!/](?:[^"<>]|"[^"]*")*>/gi)!
        .map((tag) => tag.replace(/"[^"]*"/g, '""'))
    const expected = await tags('harmless')
    for (const text of hostileTexts) expect(await tags(text), text).toEqual(expected)
    const pieces = fc.array(fc.constantFrom(...hostileTexts.slice(0, -1), ' ', '\n'), { minLength: 1, maxLength: 4 })
    const texts = fc.oneof(
      pieces.map((some) => some.join('')),
      fc.string({ unit: 'binary', minLength: 1 }),
    )
    const visible = texts.filter((text) => text.trim() !== '' && !/\n\s*\n/.test(text)) // else paragraphs differ
    await fc.assert(
      fc.asyncProperty(visible, async (text) => {
        expect(await tags(text)).toEqual(expected)
      }),
      { numRuns: 10 },
    )
  })

  it('admits nothing but its own style, and its one script by hash where it lists tasks', async () => {
    const strict = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    const plain = await renderHtmlReport(withoutTasks(reportOf('x')))
    expect(policyOf(plain)).toBe(strict)
    expect(plain).not.toContain('<script')
    const page = await renderHtmlReport(reportOf('x'))
    const scripts = [...page.matchAll(/<script>(.*?)<\/script>/gs)].map((match) => match[1]!)
    expect(scripts).toHaveLength(1)
    const hash = createHash('sha256').update(scripts[0]!).digest('base64')
    expect(policyOf(page)).toBe(`${strict}; script-src 'sha256-${hash}'`)
    expect(page.match(/<script/g)).toHaveLength(2) // the other is data
  })

  it('names no two landmarks alike', async () => {
    const page = await renderHtmlReport(reportOf('x'))
    const names = page.match(/role="(?:region|group|listbox)" aria-label="[^"]*"/g)!
    expect(names.length).toBeGreaterThan(8)
    expect(new Set(names).size).toBe(names.length)
    expect(page).not.toMatch(/role="graphics/)
  })

  it('refers to nothing outside itself', async () => {
    const page = await renderHtmlReport(reportOf('pass@8'))
    const addresses = page.replace(/<script>.*?<\/script>/gs, '').match(/(?:https?:)?\/\/[^\s"'<)]+/g) ?? []
    expect(new Set(addresses)).toEqual(new Set(['http://www.w3.org/2000/svg', 'http://www.w3.org/1999/xlink'])) // names, not links
    expect(page).not.toMatch(/<(link|img|iframe|object)|<script [^>]*src|@import|\bsrc=|\bhref=(?!"#)/)
  })

  it('shows estimates with interval and footnote, and samples with verdict, sign and reward', async () => {
    const page = await renderHtmlReport(reportOf('x'))
    expect(page).toContain('<strong>+20.0 pp</strong> <span class="detail">[+10.0, +40.0], p = 0.01</span>')
    expect(page).toContain('31.2 % <span class="detail">[10.0, 40.0]</span>')
    expect(page).toContain('n = 260 tasks × 64 samples; 95 % interval: x')
    expect(page).toContain(
      '<span class="verdict"><span aria-hidden="true">✓</span> x</span> <span class="detail">reward 1</span>',
    )
    expect(page).toContain('<span class="detail">not scored</span>')
  })

  it('gives no two elements one id', async () => {
    const clipped = {
      title: 'c',
      description: 'c',
      spec: {
        data: { values: [{ a: 1 }] },
        mark: { type: 'point', clip: true },
        encoding: { x: { field: 'a', type: 'quantitative' } },
      },
    }
    const charts = { kind: 'chart' as const, charts: [clipped, clipped] }
    const page = await renderHtmlReport({ title: 'ids', sections: [charts, charts] })
    const ids = page.match(/ id="[^"]*"/g)!
    expect(ids).toHaveLength(6) // two of sections, four of clips
    expect(new Set(ids).size).toBe(6)
  })
})
