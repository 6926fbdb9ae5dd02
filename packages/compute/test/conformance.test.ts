import { createReferenceDevice, createWasmDevice, type Device } from '@posttrain/compute'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kernelCases } from './support/kernel-cases.js'
import { runKernel } from './support/run-kernel.js'

const devices: Readonly<Record<string, () => Promise<Device>>> = { wasm: createWasmDevice }

/** Largest difference relative to the largest finite entry (at least 1); equal infinities do not differ. */
function difference(actual: Float64Array, expected: Float64Array): number {
  const scale = expected.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 1)
  return expected.reduce((worst, x, i) => {
    const gap = Object.is(actual[i], x) || actual[i] === x ? 0 : Math.abs(actual[i]! - x)
    return Number.isNaN(gap) ? Infinity : Math.max(worst, gap)
  }, 0) / scale
}

describe.each(Object.keys(devices))('%s agrees with reference', (name) => {
  const reference = createReferenceDevice()
  let device: Device

  beforeAll(async () => {
    device = await devices[name]!()
  })

  afterAll(() => {
    expect(device.allocatedBytes).toBe(0)
    device.dispose()
  })

  it.each(Object.entries(kernelCases))('%s', async (kernel, { bound, calls, outputs }) => {
    await fc.assert(
      fc.asyncProperty(calls, async (call) => {
        const expected = await runKernel(reference, kernel, call)
        const actual = await runKernel(device, kernel, call)
        for (const output of outputs.filter((o) => o in call.buffers)) {
          expect(difference(actual[output]!, expected[output]!), output).toBeLessThanOrEqual(bound)
        }
      }),
      { numRuns: 60 },
    )
  })
})
