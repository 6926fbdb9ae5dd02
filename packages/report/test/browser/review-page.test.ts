import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { renderReviewPage, type SampleToReview } from '../../src/render-review-page.js'
import { hostileTexts } from '../hostile-texts.js'
import { chromiumPath, launchChromium } from './chromium.js'
import { axeViolations, looks, openReport, readingFaults } from './open-report.js'

const missing = chromiumPath === undefined ? ' (skipped: there is no Chromium; set CHROMIUM to where it is)' : ''

const samples = Array.from({ length: 5 }, (_, i): SampleToReview => ({
  task_id: `task ${i}`,
  index: i,
  prompt: `What is ${i} + ${i}?`,
  response: `It is ${2 * i}.`,
  reference: `${2 * i}`,
  answer: `${2 * i}`,
  reward: i === 3 ? null : 1,
  ...(i === 3 && { unscored: 'timeout' }),
  why: i % 2 === 0 ? ['control'] : ['signs'],
  weight: i % 2 === 0 ? 7 : 1,
}))

describe.skipIf(missing !== '')(`a page for review in Chromium${missing}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'posttrain-review-'))
  const file = join(folder, 'review.html')
  let browser: Browser
  let page: Page
  let heard: string[]

  beforeAll(async () => {
    browser = await launchChromium()
    writeFileSync(file, renderReviewPage('Which are right?', samples))
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true })
  })

  // As a person opens it: from the disk.
  beforeEach(async () => {
    const context = await browser.newContext({ acceptDownloads: true })
    page = await context.newPage()
    heard = []
    page.on('request', (request) => {
      if (!request.isNavigationRequest()) heard.push(`requests ${request.url()}`)
    })
    page.on('console', (message) => heard.push(`says ${message.text()}`))
    page.on('pageerror', (error) => heard.push(`throws ${error.message}`))
    await page.goto(pathToFileURL(file).href)
  })
  afterEach(async () => {
    expect(heard).toEqual([])
    await page.context().close()
  })

  const part = (name: string): Locator => page.locator(`[data-part=${name}]`)
  const found = (): Promise<string | null> => part('found').textContent()
  const shownTask = (): Promise<string | null> => part('sample').locator('h2').textContent()
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key)
  }
  const downloaded = async (act: () => Promise<void>): Promise<unknown[]> => {
    const [download] = await Promise.all([page.waitForEvent('download'), act()])
    expect(download.suggestedFilename()).toBe('verdicts.jsonl')
    const text = readFileSync(await download.path(), 'utf8')
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown)
  }

  it('is judged by keyboard alone, and gives the verdicts as JSON Lines', async () => {
    await press('r', 'w', 'c')
    expect(await found()).toBe('4 of 5; 3 judged: 1 right, 1 wrong, 1 cannot tell')
    await press('k', 'ArrowLeft', 'e')
    await page.keyboard.type('rwc jk')
    await press('Escape', 'j', 'ArrowRight', 'n')
    expect(await found()).toBe('5 of 5; 3 judged: 1 right, 1 wrong, 1 cannot tell')
    expect(await downloaded(() => press('d'))).toEqual([
      { task_id: 'task 0', index: 0, gold: 1, reward: 1, why: ['control'], weight: 7 },
      { task_id: 'task 1', index: 1, gold: 0, note: 'rwc jk', reward: 1, why: ['signs'], weight: 1 },
      { task_id: 'task 2', index: 2, gold: null, reward: 1, why: ['control'], weight: 7 },
      { task_id: 'task 3', index: 3, reward: null, why: ['signs'], weight: 1 },
      { task_id: 'task 4', index: 4, reward: 1, why: ['control'], weight: 7 },
    ])
  })

  it('is judged by mouse as well', async () => {
    await page.getByRole('button', { name: 'Right', exact: true }).click()
    expect(await shownTask()).toBe('task 1, sample 1')
    await page.getByRole('button', { name: 'Previous' }).click()
    expect(await part('right').getAttribute('aria-pressed')).toBe('true')
    expect(await part('wrong').getAttribute('aria-pressed')).toBe('false')
    const click = (): Promise<void> => page.getByRole('button', { name: 'Download verdicts' }).click()
    expect(JSON.stringify(await downloaded(click)).match(/gold/g)).toHaveLength(1)
  })

  it('keeps what was said when it is closed, and goes on there', async () => {
    await press('r', 'w')
    await page.reload()
    expect(await found()).toBe('3 of 5; 2 judged: 1 right, 1 wrong, 0 cannot tell')
    expect(await part('kept').isHidden()).toBe(true)
    await press('k')
    expect(await part('wrong').getAttribute('aria-pressed')).toBe('true')
  })

  it('says where nothing can be kept', async () => {
    const other = await page.context().newPage()
    await other.addInitScript(() => {
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new Error('turned off')
        },
      })
    })
    await other.goto(pathToFileURL(file).href)
    expect(await other.getByRole('alert').isVisible()).toBe(true)
    expect(await other.getByRole('alert').textContent()).toContain('download the verdicts before you close it')
  })

  it('shows no reward before a verdict, and after it only if asked', async () => {
    const text = (): Promise<string> => page.locator('main').innerText()
    expect(await text()).not.toContain('reward 1')
    await part('reveal').check()
    expect(await text()).not.toContain('reward 1')
    await page.locator('body').press('r')
    expect(await part('said').textContent()).toBe('reward 1; picked as control')
    await press('j', 'j', 'j', 'c')
    expect(await part('said').textContent()).toBe('not scored: timeout; picked as signs')
  })

  it('leaves keys alone where they are turned off, or go with another key', async () => {
    await press('Control+j')
    expect(await shownTask()).toBe('task 0, sample 0')
    await part('keys').uncheck()
    await press('r', 'j')
    expect(await found()).toBe('1 of 5; 0 judged: 0 right, 0 wrong, 0 cannot tell')
  })

  it.each(looks)('is accessible and readable, $width px wide, $colorScheme', async (look) => {
    const { page: looked, heard } = await openReport(browser, readFileSync(file, 'utf8'), look)
    await looked.waitForSelector('.review:not([hidden])')
    await looked.locator('[data-part=reveal]').check()
    await looked.locator('[data-part=wrong]').click()
    expect(await readingFaults(looked)).toEqual([])
    expect(await axeViolations(looked)).toEqual([])
    expect(heard).toEqual([])
    await looked.context().close()
  })

  it('shows hostile texts as they are, and gives hostile names back as they were', async () => {
    const hostile = hostileTexts.map((text, index): SampleToReview => ({
      ...samples[0]!,
      ...{ task_id: text, index, prompt: text, response: text, reference: text, answer: text, why: [text] },
    }))
    const { page: attacked, heard } = await openReport(browser, renderReviewPage('<b>', hostile), looks[0]!)
    await attacked.waitForSelector('.review:not([hidden])')
    for (const [i, text] of hostileTexts.entries()) {
      const shown = await attacked.locator('[data-part=sample] pre').last().textContent()
      expect(shown === `Response${text}`).toBe(true) // a difference of such texts is hard to print
      await attacked.keyboard.press('r')
      if (i === 0) expect(await attacked.locator('[data-part=sample] script').count()).toBe(0)
    }
    const [download] = await Promise.all([attacked.waitForEvent('download'), attacked.keyboard.press('d')])
    const lines = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { task_id: string }).task_id)).toEqual([...hostileTexts])
    expect(await attacked.evaluate('globalThis.HACKED')).toBeUndefined()
    expect(heard).toEqual([])
    await attacked.context().close()
  })

  it('says what is missing where scripts are turned off', async () => {
    const { page: plain } = await openReport(browser, readFileSync(file, 'utf8'), {
      ...looks[0]!,
      javaScriptEnabled: false,
    })
    expect(await plain.locator('noscript').isVisible()).toBe(true)
    expect(await plain.locator('.review').isVisible()).toBe(false)
    await plain.context().close()
  })
})
