import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { renderHtmlReport } from '../../src/render-html-report.js'
import { chromiumPath, launchChromium } from './chromium.js'
import { axeViolations, looks, openReport } from './open-report.js'
import { tasksOf } from './reports.js'

const missing = chromiumPath === undefined ? ' (skipped: there is no Chromium; set CHROMIUM to where it is)' : ''

/** Three systems, 25 samples of each. */
const TASKS = 500

describe.skipIf(missing !== '')(`the list of tasks in Chromium${missing}`, () => {
  let browser: Browser
  let html: string
  let page: Page

  beforeAll(async () => {
    browser = await launchChromium()
    html = await renderHtmlReport({
      title: 'All samples',
      sections: [{ kind: 'tasks', title: 'Task by task', tasks: tasksOf(TASKS, 25) }],
    })
  }, 60_000)
  afterAll(() => browser.close())

  beforeEach(async () => {
    const opened = await openReport(browser, html, looks[0]!)
    page = opened.page
    await page.waitForSelector('[role=option]')
  })
  afterEach(() => page.context().close())

  const found = (): Promise<string | null> => page.getByRole('status').textContent()
  const part = (name: string): Locator => page.locator(`[data-part=${name}]`)
  const chosen = (): Promise<string | null> => page.locator('[data-part=detail] h3').textContent()
  const first = (): Promise<string | null> => page.locator('[role=option] .id').first().textContent()

  it('draws the rows in sight alone, and any of them when it is scrolled to', async () => {
    expect(await found()).toBe('37,500 of 37,500 samples, in 500 of 500 tasks')
    expect(await page.locator('[role=option]').count()).toBeLessThan(40)
    await page.getByRole('listbox').evaluate((list) => (list.scrollTop = list.scrollHeight / 2))
    await page.locator('[role=option]', { hasText: 'task 250' }).click()
    expect(await chosen()).toBe('task 250')
    expect(await page.locator('[role=option]').count()).toBeLessThan(40)
  })

  it('searches the texts of tasks and samples, whatever the case', async () => {
    await part('search').fill('COMPLETION 417/1/2')
    expect(await found()).toBe('6 of 37,500 samples, in 1 of 500 tasks') // 2 and 20 to 24
    expect(await chosen()).toBe('task 417')
    await part('search').fill('in no text')
    expect(await found()).toBe('0 of 37,500 samples, in 0 of 500 tasks')
    expect(await page.locator('[role=option]').count()).toBe(0)
    expect(await axeViolations(page)).toEqual([])
    await part('search').fill('')
    expect(await found()).toBe('37,500 of 37,500 samples, in 500 of 500 tasks')
  })

  it('filters by outcome and by system', async () => {
    await part('outcome').selectOption('right')
    expect(await found()).toBe('750 of 37,500 samples, in 500 of 500 tasks')
    await part('label').selectOption('trained for mean')
    expect(await found()).toBe('250 of 37,500 samples, in 250 of 500 tasks')
    await part('outcome').selectOption('unscored')
    expect(await found()).toBe('500 of 37,500 samples, in 500 of 500 tasks')
  })

  it('sorts by name, by mean reward and by how far systems are apart', async () => {
    const order = part('order')
    await order.selectOption('lowest mean reward')
    expect(await first()).toBe('task 1') // one of three systems is right there, two in task 0
    await order.selectOption('highest mean reward')
    expect(await first()).toBe('task 0')
    await order.selectOption('by name')
    expect(await first()).toBe('task 0')
    await part('label').selectOption('trained for mean')
    await order.selectOption('highest mean reward')
    expect(await first()).toBe('task 1')
  })

  it('is used by keyboard alone', async () => {
    await part('order').focus()
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement!.role)).toBe('listbox')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowUp')
    expect(await chosen()).toBe('task 1')
    await page.keyboard.press('End')
    expect(await chosen()).toBe('task 499')
    const active = await page.getByRole('listbox').getAttribute('aria-activedescendant')
    const option = page.locator(`#${active!}`)
    expect(await option.getAttribute('aria-selected')).toBe('true')
    expect(await option.getAttribute('aria-posinset')).toBe('500')
    const [box, row] = await Promise.all([page.getByRole('listbox').boundingBox(), option.boundingBox()])
    expect(row!.y + row!.height).toBeLessThanOrEqual(box!.y + box!.height + 1)
    await page.keyboard.press('PageUp')
    await page.keyboard.press('Home')
    expect(await chosen()).toBe('task 0')
  })

  it('shows the systems of a task side by side, what was asked once', async () => {
    const detail = part('detail')
    const systems = detail.getByRole('group')
    expect(await detail.locator('pre', { hasText: 'prompt of 0' }).count()).toBe(1)
    expect(await systems.locator('h4').allTextContents()).toEqual([
      'before training',
      'trained for mean',
      'trained for pass@8',
    ])
    expect(await systems.locator('> .detail').allTextContents()).toEqual([
      '1 of 25 samples right',
      '0 of 25 samples right',
      '1 of 25 samples right',
    ])
    const named = detail.getByRole('group', { name: 'trained for mean' })
    expect(await named.locator('pre', { hasText: 'completion 0/1/19' }).count()).toBe(1)
    expect(await named.locator('.sample').count()).toBe(20)
    expect(await named.getByRole('button').textContent()).toBe('Show 5 more of 25 samples')
    await named.getByRole('button').click()
    expect(await named.locator('.sample').count()).toBe(25)
    expect(await detail.locator('.sample').count()).toBe(65)
    const [first, second] = [await systems.nth(0).boundingBox(), await systems.nth(1).boundingBox()]
    expect(second!.y).toBe(first!.y)
    expect(second!.x).toBeGreaterThan(first!.x + first!.width)
    await page.setViewportSize({ width: 390, height: 900 })
    const [above, below] = [await systems.nth(0).boundingBox(), await systems.nth(1).boundingBox()]
    expect(below!.x).toBe(above!.x)
    expect(below!.y).toBeGreaterThan(above!.y + above!.height)
  })

  it('shows the means of two systems beside each other, and of one alone its own', async () => {
    const tasks = tasksOf(4, 3).map(({ samples, ...task }) => ({ ...task, samples: samples.slice(0, 6) }))
    const of = await renderHtmlReport({ title: 'two', sections: [{ kind: 'tasks', tasks }] })
    const { page: two } = await openReport(browser, of, looks[0]!)
    const means = (): Promise<string[]> => two.locator('[role=option] .mean').allTextContents()
    await two.waitForSelector('[role=option]')
    expect(await means()).toEqual(['mean 0.50 | 0.00', 'mean 0.00 | 0.50', 'mean 0.50 | 0.00', 'mean 0.00 | 0.50'])
    await two.locator('[data-part=label]').selectOption('trained for mean')
    expect(await means()).toEqual(['mean 0.00', 'mean 0.50', 'mean 0.00', 'mean 0.50'])
    expect(await two.locator('[data-part=detail] h4').count()).toBe(0)
    await two.context().close()
  })

  it('shows 20 samples of a system, and more at the press of a button', async () => {
    const tasks = tasksOf(1, 75)
    const of = await renderHtmlReport({ title: 'long', sections: [{ kind: 'tasks', tasks }] })
    const { page: long } = await openReport(browser, of, looks[0]!)
    await long.locator('[data-part=label]').selectOption('before training')
    const cards = long.locator('[data-part=detail] .sample')
    expect(await cards.count()).toBe(20)
    const more = long.getByRole('button')
    expect(await more.textContent()).toBe('Show 20 more of 75 samples')
    for (const shown of [40, 60, 75]) {
      await more.click()
      expect(await cards.count()).toBe(shown)
    }
    expect(await more.isVisible()).toBe(false)
    await long.context().close()
  })

  it('says what is missing where scripts are turned off', async () => {
    const { page: plain } = await openReport(browser, html, { ...looks[0]!, javaScriptEnabled: false })
    expect(await plain.locator('noscript').textContent()).toContain('turned off here')
    expect(await plain.locator('noscript').isVisible()).toBe(true)
    expect(await plain.locator('.tasks').isVisible()).toBe(false)
    await plain.context().close()
  })
})
