import { expect, it } from 'vitest'
import { measuredSizes, recordedSizes } from '../sizes.js'

const recorded = recordedSizes()
const measured = await measuredSizes()
const MOST = 1.05
const advice = '`npm run sizes` records it, if it is worth it'

it.each(Object.entries(measured.installed))('installing %s brings what is recorded', (name, { packages, bytes }) => {
  const before = recorded.installed[name]
  expect(packages, advice).toEqual(before?.packages)
  expect(bytes, `bytes of ${name}; ${advice}`).toBeLessThanOrEqual(MOST * before!.bytes)
})

it.each(Object.entries(measured.bundled))('a bundle of %s weighs what is recorded', (name, { minified, gzip }) => {
  const before = recorded.bundled[name]!
  expect(minified, `bytes minified; ${advice}`).toBeLessThanOrEqual(MOST * before.minified)
  expect(gzip, `bytes compressed; ${advice}`).toBeLessThanOrEqual(MOST * before.gzip)
})

it('nothing is recorded that is gone', () => {
  expect(Object.keys(recorded.installed)).toEqual(Object.keys(measured.installed))
  expect(Object.keys(recorded.bundled)).toEqual(Object.keys(measured.bundled))
})
