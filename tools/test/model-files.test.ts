import { createWasmDevice } from '@posttrain/compute'
import { expect, it } from 'vitest'
import { attempt } from '../faults/model-files/attempt.js'
import { subjects } from '../faults/model-files/subjects.js'

it('what is left of model files that were changed at random is refused by an error of ours, or works', async () => {
  const device = await createWasmDevice()
  const all = await subjects()
  const counts = { accepted: 0, typed: 0, untyped: 0 }
  for (let number = 0; number < 200; number++) {
    const { outcome, what, message } = await attempt(device, all, 7, number)
    counts[outcome]++
    expect(outcome, `${what}: ${message}`).not.toBe('untyped')
  }
  expect(device.allocatedBytes).toBe(0)
  expect(Math.min(counts.accepted, counts.typed)).toBeGreaterThan(20)
})
