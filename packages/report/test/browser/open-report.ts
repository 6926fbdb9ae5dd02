import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import type { AxeResults } from 'axe-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** How a page is looked at. */
export interface Look {
  readonly width: number
  readonly colorScheme: 'light' | 'dark'
  /** Default true. */
  readonly javaScriptEnabled?: boolean
}

/** Every page is looked at in these ways. */
export const looks: readonly Look[] = [1280, 390].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
)

/** Opens a page as a reader does, from a file, and notes what it asks for and what goes wrong in it. */
export async function openReport(
  browser: Browser,
  html: string,
  { width, ...look }: Look,
): Promise<{ page: Page; heard: string[] }> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, ...look })
  const page = await context.newPage()
  const heard: string[] = []
  page.on('request', (request) => {
    if (!request.isNavigationRequest()) heard.push(`requests ${request.url()}`)
  })
  page.on('console', (message) => heard.push(`says ${message.text()}`))
  page.on('pageerror', (error) => heard.push(`throws ${error.message}`))
  page.on('dialog', (dialog) => {
    heard.push(`opens a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  const url = 'https://report.example/'
  await page.route(url, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }))
  await page.goto(url)
  return { page, heard }
}

/** What axe-core objects to, by all of its rules, experimental and strictest ones included. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const { violations, passes } = await page.evaluate<AxeResults>(
    'axe.run(document, { rules: Object.fromEntries(axe.getRules().map(({ ruleId }) => [ruleId, { enabled: true }])) })',
  )
  if (passes.length < 20) throw new Error(`axe-core has looked at ${passes.length} rules only`)
  return violations.map(({ id, nodes }) => `${id} × ${nodes.length}: ${nodes[0]!.html} ${nodes[0]!.failureSummary!}`)
}

/** What a reader would stumble over: small texts, a page that is too wide, parts that cannot be reached. */
export const readingFaults = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const faults: string[] = []
    const { scrollWidth } = document.scrollingElement!
    if (scrollWidth > innerWidth) faults.push(`the page is ${scrollWidth} px wide`)
    for (const element of document.querySelectorAll('body *')) {
      const own = [...element.childNodes].some((node) => node instanceof Text && node.data.trim() !== '')
      if (!own || element.closest('script, style, noscript')) continue
      const svg = element instanceof SVGElement ? element.ownerSVGElement! : undefined
      const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1
      const size = parseFloat(getComputedStyle(element).fontSize) * scale
      if (size < 12) faults.push(`${element.tagName} "${element.textContent.slice(0, 20)}" has ${size} px`)
    }
    for (const area of document.querySelectorAll<HTMLElement>('.scroll')) {
      const name = area.getAttribute('aria-label')
      const scrolls = area.scrollWidth > area.clientWidth
      const hinted = area.previousElementSibling!.clientHeight > 0
      if (!name || area.tabIndex !== 0) faults.push(`a scroll area cannot be reached: ${area.outerHTML.slice(0, 80)}`)
      if (scrolls !== hinted) faults.push(`"${name}" ${scrolls ? 'scrolls without a hint' : 'is hinted in vain'}`)
      if (!scrolls) continue
      area.scrollLeft = area.scrollWidth
      for (const label of area.querySelectorAll('tr > th:first-child')) {
        const { left, right } = label.getBoundingClientRect()
        const { left: edge } = area.getBoundingClientRect()
        if (Math.abs(left - edge) > 1 || right - edge < 40) faults.push(`"${label.textContent}" scrolls out of sight`)
      }
      area.scrollLeft = 0
    }
    for (const element of document.querySelectorAll('body *')) {
      const { overflowX, overflowY } = getComputedStyle(element)
      const scrolls =
        (/auto|scroll/.test(overflowX) && element.scrollWidth > element.clientWidth) ||
        (/auto|scroll/.test(overflowY) && element.scrollHeight > element.clientHeight)
      if (scrolls && (element as HTMLElement).tabIndex !== 0)
        faults.push(`cannot be scrolled by keys: ${element.className}`)
    }
    return faults
  })
