import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { nats, percent, renderLivePage, type LiveEvent, type LiveState } from '@posttrain/report'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { chromiumPath, launchChromium } from './chromium.js'
import { axeViolations, looks, readingFaults, type Look } from './open-report.js'

const missing = chromiumPath === undefined ? ' (skipped: there is no Chromium; set CHROMIUM to where it is)' : ''

const hostile = '<img src=x onerror=alert(1)> & "pass@8"'
const point = (step: number): LiveState['series'][number]['points'][number] => ({
  step,
  values: { reward: 0.25 + step / 1000, entropy: 0.5 },
})
const state: LiveState = {
  steps: 100,
  charts: [
    { key: 'reward', title: 'mean reward', unit: percent },
    { key: 'entropy', title: 'entropy per token', unit: nats },
  ],
  series: [
    { name: 'trained for mean', points: [0, 1, 2].map(point), note: 'training' },
    { name: hostile, points: [], note: 'waiting' },
  ],
  status: 'The run goes on.',
  ended: false,
}

describe.skipIf(missing !== '')(`a live page in Chromium${missing}`, () => {
  const html = renderLivePage({ title: 'A run', subtitle: 'runs/a', events: '/events', rowHeader: 'variant' })
  const open = new Set<ServerResponse>()
  let server: Server
  let browser: Browser
  let origin: string
  let context: BrowserContext
  let heard: string[]

  const answer = (url: string | undefined, response: ServerResponse): void => {
    if (url !== '/events') {
      response
        .writeHead(url === '/' ? 200 : 204, { 'content-type': 'text/html; charset=utf-8' })
        .end(url === '/' ? html : '')
      return
    }
    open.add(response)
    response.on('close', () => open.delete(response))
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    say({ kind: 'state', state }, [response])
  }
  const say = (event: LiveEvent, to: Iterable<ServerResponse> = open): void => {
    for (const response of to) response.write(`retry: 50\ndata: ${JSON.stringify(event)}\n\n`)
  }

  beforeAll(async () => {
    server = createServer(({ url }, response) => answer(url, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    browser = await launchChromium()
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    server.closeAllConnections()
    server.close()
  })
  afterEach(() => context.close())

  const look = async ({ width, ...how }: Look): Promise<Page> => {
    context = await browser.newContext({ viewport: { width, height: 900 }, ...how })
    const page = await context.newPage()
    heard = []
    page.on('request', (request) => {
      if (!request.url().startsWith(`${origin}/`)) heard.push(`requests ${request.url()}`)
    })
    page.on('console', (message) => heard.push(`says ${message.text()}`))
    page.on('pageerror', (error) => heard.push(`throws ${error.message}`))
    page.on('dialog', (dialog) => void heard.push(`opens a dialog: ${dialog.message()}`))
    await page.goto(origin)
    await expect.poll(() => page.locator('svg').count()).toBe(2)
    return page
  }
  const status = (page: Page): Promise<string | null> => page.locator('[data-part=status]').textContent()
  const cells = (page: Page): Promise<string[]> => page.locator('tbody tr').first().locator('th, td').allTextContents()
  const corners = async (page: Page): Promise<number> =>
    ((await page.locator('svg').first().locator('path.average').first().getAttribute('d')) ?? '').split(/[ML]/).length -
    1

  it.each(looks)('is readable and has no fault at $width px in $colorScheme', async (how) => {
    const page = await look(how)
    expect(await axeViolations(page)).toEqual([])
    expect(await readingFaults(page)).toEqual([])
    expect(heard).toEqual([])
  })

  it('draws what comes, goes on after its server was away, and closes at the end', async () => {
    const page = await look(looks[0]!)
    expect(await cells(page)).toEqual(['trained for mean', '3 of 100', '25.2 %', '0.500 nats', 'training'])
    expect(await corners(page)).toBe(3)
    const label = page.locator('svg').first()
    expect(await label.getAttribute('aria-label')).toBe(
      `mean reward by training step. trained for mean: 25.2 % at step 2. ${hostile}: nothing yet.`,
    )
    say({ kind: 'points', series: 'trained for mean', from: 2, points: [2, 3, 4, 5].map(point) })
    await expect.poll(() => corners(page)).toBe(6)
    expect((await cells(page)).slice(1, 3)).toEqual(['6 of 100', '25.5 %'])
    say({ kind: 'note', series: hostile, note: 'measured' })
    await expect.poll(() => page.locator('tbody tr').last().locator('th, td').allTextContents()).toContain('measured')

    for (const response of open) response.destroy()
    await expect.poll(() => open.size).toBe(1) // it has come again, and is told all from the beginning
    await expect.poll(() => corners(page)).toBe(3)
    expect(await status(page)).toBe('The run goes on.')
    const faults = heard.splice(0)
    expect(
      faults.filter((fault) => !/ERR_(INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE|CONNECTION)/.test(fault)),
    ).toEqual([])

    say({ kind: 'status', status: 'The run is finished.', ended: true })
    await expect.poll(() => status(page)).toBe('The run is finished.')
    await expect.poll(() => open.size).toBe(0)
    await page.waitForTimeout(200) // four times as long as it waits before it comes again
    expect(open.size).toBe(0)
    expect(await status(page)).toBe('The run is finished.')
    expect(heard).toEqual([])
  })
})
