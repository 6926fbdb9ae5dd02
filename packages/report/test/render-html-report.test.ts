import { describe, expect, it } from 'vitest'
import { curveChart } from '../src/curve-chart.js'
import { estimateTable } from '../src/estimate-table.js'
import { renderHtmlReport } from '../src/render-html-report.js'
import type { Report } from '../src/report.js'
import { settingsTable } from '../src/settings-table.js'
import { estimateOf } from './estimates.js'

/** A report with one text in every place that takes one. */
const reportOf = (t: string): Report => ({
  title: t,
  subtitle: t,
  footer: t,
  sections: [
    { kind: 'prose', title: t, text: `${t}\n\n${t}` },
    {
      kind: 'table',
      title: t,
      text: t,
      table: estimateTable({ rowHeader: t, rows: [{ label: t, estimates: { [t]: estimateOf(0.312) } }], note: t }),
    },
    {
      kind: 'chart',
      title: t,
      text: t,
      charts: [
        curveChart({
          title: t,
          metric: t,
          series: [
            {
              name: t,
              points: [
                { k: 1, value: 0.3 },
                { k: 2, value: 0.4 },
              ],
            },
          ],
        }),
      ],
    },
    {
      kind: 'samples',
      title: t,
      samples: [
        { prompt: t, completion: t, verdict: t, label: t, reward: 1 },
        { prompt: t, completion: t, verdict: t },
      ],
    },
    { kind: 'table', table: settingsTable({ [t]: t }) },
  ],
})

describe('renderHtmlReport', () => {
  it('gives the same bytes for the same report', async () => {
    expect(await renderHtmlReport(reportOf('pass@8'))).toBe(await renderHtmlReport(reportOf('pass@8')))
  })

  it('has the same markup whatever the texts are', async () => {
    const tags = async (text: string): Promise<string[]> =>
      (await renderHtmlReport(reportOf(text))).match(/<\/?[a-z][a-z0-9]*/gi) ?? []
    expect(await tags("\"><script>alert(1)</script><img src=x onerror=alert(1)>' onload='x")).toEqual(
      await tags('harmless'),
    )
  })

  it('refers to nothing outside itself', async () => {
    const page = await renderHtmlReport(reportOf('pass@8'))
    const addresses = page.match(/(?:https?:)?\/\/[^\s"'<)]+/g) ?? []
    expect(new Set(addresses)).toEqual(new Set(['http://www.w3.org/2000/svg', 'http://www.w3.org/1999/xlink'])) // names, not links
    expect(page).not.toMatch(/<(script|link|img|iframe|object)|@import|\bsrc=|\bhref=/)
  })

  it('shows estimates with interval and footnote, and samples with verdict, sign and reward', async () => {
    const page = await renderHtmlReport(reportOf('x'))
    expect(page).toContain('31.2 % <span class="detail">[28.2, 34.2]</span>')
    expect(page).toContain('n = 260 tasks × 64 samples; 95 % interval: percentile bootstrap over tasks')
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
    expect(ids).toHaveLength(4)
    expect(new Set(ids).size).toBe(4)
  })
})
