import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { replaceForbidden } from '../../src/html.js'
import { renderHtmlReport } from '../../src/render-html-report.js'
import { hostileTexts } from '../hostile-texts.js'
import { reportOf } from '../report-of.js'
import { chromiumPath, launchChromium } from './chromium.js'
import { axeViolations, looks, openReport, readingFaults } from './open-report.js'
import { fullReport } from './reports.js'

const missing = chromiumPath === undefined ? ' (skipped: there is no Chromium; set CHROMIUM to where it is)' : ''

describe.skipIf(missing !== '')(`a report in Chromium${missing}`, () => {
  let browser: Browser
  let full: string

  beforeAll(async () => {
    browser = await launchChromium()
    full = await renderHtmlReport(fullReport)
  }, 60_000)

  afterAll(() => browser.close())

  it.each(looks)('is accessible and readable, $width px wide, $colorScheme', async (look) => {
    const { page, heard } = await openReport(browser, full, look)
    await page.waitForSelector('[role=option]')
    expect(await readingFaults(page)).toEqual([])
    expect(await axeViolations(page)).toEqual([])
    expect(heard).toEqual([])
    await page.context().close()
  })

  it('starts with links to its parts', async () => {
    const { page } = await openReport(browser, full, looks[1]!)
    const links = page.getByRole('navigation', { name: 'Contents' }).getByRole('link')
    expect(await links.allTextContents()).toEqual(fullReport.sections.flatMap(({ title }) => title ?? []))
    await links.last().click()
    expect(await page.evaluate(() => document.querySelector(':target > h2')!.textContent)).toBe('Settings')
    await page.context().close()
  })

  it('has the same elements whatever its texts are, runs none of them and shows all of them', async () => {
    const open = async (texts: readonly string[]): Promise<Page> => {
      const sections = texts.flatMap((text) => reportOf(text).sections)
      const html = await renderHtmlReport({ ...reportOf(texts[0]!), sections })
      const { page, heard } = await openReport(browser, html, looks[0]!)
      await page.waitForSelector('[role=option]')
      expect(heard).toEqual([])
      expect(await page.evaluate('globalThis.HACKED')).toBeUndefined()
      return page
    }
    const elements = (page: Page): Promise<string> =>
      page.evaluate(() => [...document.querySelectorAll('*')].map(({ tagName }) => tagName).join(' '))
    const harmless = await open(hostileTexts.map(() => 'harmless'))
    const hostile = await open(hostileTexts)
    expect((await elements(hostile)) === (await elements(harmless))).toBe(true)
    for (const place of ['h2', '[data-part=detail] h3', '[data-part=list] .id', 'pre', 'tbody th', 'svg text']) {
      const shown = (await hostile.locator(place).allTextContents()).join('\n')
      for (const text of hostileTexts) expect(shown, place).toContain(replaceForbidden(text).slice(0, 20))
    }
    await harmless.context().close()
    await hostile.context().close()
  }, 120_000)
})
