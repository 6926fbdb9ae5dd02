import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumPath, launchChromium } from '../../../report/test/browser/chromium.js'
import { axeViolations, looks, openReport, readingFaults } from '../../../report/test/browser/open-report.js'
import { renderRunsReport, reportRuns } from '../../src/index.js'
import { addSession, finishedRun, runsFolder } from '../support/finished-run.js'

const missing = chromiumPath === undefined ? ' (skipped: there is no Chromium; set CHROMIUM to where it is)' : ''

describe.skipIf(missing !== '')(`the page of several runs in Chromium${missing}`, () => {
  let browser: Browser
  let html: string

  beforeAll(async () => {
    browser = await launchChromium()
    const root = runsFolder()
    const correct = (variant: string, task: number): number => (variant === 'checkpoint' ? task % 3 : 2 + (task % 5))
    const run = (name: string, choices: object, recipe?: 'multiplication'): Promise<string> =>
      finishedRun(root, {
        name,
        recipe,
        correct,
        choices: { samplesPerTask: 8, heldOutTasks: 10, steps: 3, ...choices },
      })
    const paths = [
      await run('first', { algorithms: ['mean', 'pass@4'] }),
      await run('second', { algorithms: ['mean', 'pass@4'], seed: 1 }),
      await run('a run with a name that is rather long for a heading of a column', {
        algorithms: ['pass@8'],
        steps: 5,
      }),
      await run('products', { algorithms: ['maj@8'] }, 'multiplication'),
    ]
    for (const path of paths) addSession(path, 61.5)
    html = await renderRunsReport(reportRuns(paths))
  }, 60_000)
  afterAll(() => browser.close())

  it.each(looks)('has every chart, and no fault at $width px in $colorScheme', async (look) => {
    const { page, heard } = await openReport(browser, html, look)
    // Of both recipes pass@k and four quantities of training.
    expect(await page.locator('figure svg').count()).toBe(10)
    expect(await axeViolations(page)).toEqual([])
    expect(await readingFaults(page)).toEqual([])
    expect(heard).toEqual([])
    await page.context().close()
  })
})
