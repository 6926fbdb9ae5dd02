import { letEventsRun } from '@posttrain/core'
import { expect, it } from 'vitest'

it('letEventsRun lets a timer fire that settled promises alone would starve', async () => {
  let fired = false
  setTimeout(() => (fired = true), 0)
  const end = process.hrtime.bigint() + 5_000_000n
  while (process.hrtime.bigint() < end) await Promise.resolve()
  expect(fired).toBe(false)
  for (let i = 0; i < 10 && !fired; i++) await letEventsRun()
  expect(fired).toBe(true)
})
