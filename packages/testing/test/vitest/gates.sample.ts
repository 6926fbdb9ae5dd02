import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { repeatedTest } from '@posttrain/testing/vitest'
import { expect } from 'vitest'

const options = { n: 20, atLeast: { 'pass@4': 0.9 } }

repeatedTest('passes', options, ({ index }) => {
  expect(index % 4).toBeGreaterThan(0)
})
let tries = 0
repeatedTest('fails', options, ({ index }) => {
  tries++
  assert.ok(tries <= 20, `vitest retries: try ${tries}`)
  if (index === 7) throw new TypeError('fetch failed')
  expect(index % 10).toBe(3)
})
repeatedTest('cannot pass', { n: 4, atLeast: { 'pass^4': 0.9 } }, () => {
  throw new Error('ran all the same')
})
repeatedTest('takes its time', { n: 10, atLeast: { 'pass@1': 0.6 }, concurrency: 5 }, () => wait(300))
repeatedTest('hangs', { n: 4, atLeast: { 'pass@4': 0.5 }, timeout: 50, concurrency: 4 }, async ({ signal }) => {
  await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('told to stop'))))
})
repeatedTest('soft', options, async ({ index, expect }) => {
  expect.soft(index % 10).toBe(3)
  await expect.soft(Promise.resolve(index % 10)).resolves.toBe(3)
})
repeatedTest('counted assertions', options, ({ index, expect }) => {
  expect.assertions(1)
  if (index === 0) expect(index).toBe(0)
})
expect.extend({ toBeLucky: (n: number) => ({ pass: n === 3, message: () => `${n} is not lucky` }) })
repeatedTest('own matchers', options, ({ index, expect }) => {
  ;(expect(index) as unknown as { toBeLucky(): void }).toBeLucky()
})
repeatedTest.skip('skipped', options, () => assert.fail())
repeatedTest.concurrent('beside others', options, () => {})
repeatedTest.for([2, 3])('for %i', options, (given, { index }) => {
  expect(given + index).toBeGreaterThan(2)
})
repeatedTest('a boolean', options, () => false)
