import type { Browser } from 'playwright-core'
import type { TestPage } from './page.js'

/** Calls a function of the page. */
export type Call = <F extends keyof TestPage>(name: F, ...args: Parameters<TestPage[F]>) => ReturnType<TestPage[F]>

/** Opens the page of page.ts in a tab of its own. */
export async function openPage(browser: Browser, url: string): Promise<Call> {
  const tab = await browser.newPage()
  await tab.goto(url)
  await tab.waitForFunction('globalThis.testPage')
  // What comes back is JSON of the type that the page says.
  return ((name, ...args) => tab.evaluate(`testPage.${name}(...${JSON.stringify(args)})`)) as Call
}
