import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumPath, launchChromium } from '../../packages/report/test/browser/chromium.js'
import { axeViolations, looks, openReport, readingFaults } from '../../packages/report/test/browser/open-report.js'
import { emptyFolder, posttrain } from '../../packages/cli/test/posttrain.js'

const missing = chromiumPath === undefined ? ' (skipped: there is no Chromium; set CHROMIUM to where it is)' : ''
const cwd = emptyFolder()
afterAll(() => rmSync(cwd, { recursive: true }))

describe.skipIf(missing !== '')(`the pages of run and evaluate in Chromium${missing}`, () => {
  let browser: Browser
  beforeAll(async () => {
    const sizes = ['--steps', '2', '--prompts', '2', '--samples', '8', '--tasks', '6']
    const run = ['run', 'game24', '--algorithm', 'mean', ...sizes, '--out', 'run']
    expect((await posttrain(run, cwd)).status).toBe(0)
    const log = ['run/samples.jsonl', '--where', 'system=mean', '--vote', '8', '--report', 'evaluate.html']
    expect((await posttrain(['evaluate', ...log], cwd)).status).toBe(0)
    browser = await launchChromium()
  }, 300_000)
  afterAll(() => browser.close())

  const pages = ['run/report.html', 'evaluate.html']
  it.each(pages.flatMap((file) => looks.map((look) => ({ file, ...look }))))(
    '$file is accessible and readable, $width px wide, $colorScheme',
    async ({ file, ...look }) => {
      const { page, heard } = await openReport(browser, readFileSync(join(cwd, file), 'utf8'), look)
      await page.waitForSelector('[role=option]')
      expect(await readingFaults(page)).toEqual([])
      expect(await axeViolations(page)).toEqual([])
      expect(heard).toEqual([])
      await page.context().close()
    },
  )

  it.each([
    ['run/report.html', '768 of 768 samples, in 6 of 6 tasks'],
    ['evaluate.html', '384 of 384 samples, in 6 of 6 tasks'],
  ])('%s lists all samples with their completions', async (file, found) => {
    const { page } = await openReport(browser, readFileSync(join(cwd, file), 'utf8'), looks[0]!)
    expect(await page.getByRole('status').textContent()).toBe(found)
    expect(await page.locator('[data-part=detail] .sample').first().textContent()).toMatch(/Completion.*[-+*/()\d]/s)
    await page.context().close()
  })
})
