import { createReferenceDevice, openWebGpu, type WebGpu } from '@posttrain/compute'
import { PosttrainError } from '@posttrain/core'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { difference } from './support/difference.js'
import { kernelCases } from './support/kernel-cases.js'
import { runKernel } from './support/run-kernel.js'

// A machine without a GPU driver has no adapter: then the error is tested, and the rest is skipped with its reason.
const opened: WebGpu | PosttrainError = await openWebGpu().catch((error: unknown) => error as PosttrainError)
const missing = opened instanceof PosttrainError ? opened.message : undefined

describe.skipIf(missing === undefined)('openWebGpu without an adapter', () => {
  it('says what is missing', () => {
    expect((opened as PosttrainError).code).toBe('unsupported')
    expect(missing).toMatch(/WebGPU/)
  })
})

describe.skipIf(missing !== undefined)(`WebGPU${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  const device = opened as WebGpu

  afterAll(() => device.dispose())

  it('agrees with reference in matmul', async () => {
    const { bound, calls } = kernelCases['matmul']!
    const reference = createReferenceDevice()
    await fc.assert(
      fc.asyncProperty(calls, async (call) => {
        const expected = await runKernel(reference, 'matmul', call)
        const actual = await runKernel(device, 'matmul', call)
        expect(difference(actual['out']!, expected['out']!)).toBeLessThanOrEqual(bound)
      }),
      { numRuns: 60 },
    )
  })

  it('multiplies views of one buffer into another view of it', async () => {
    const buffer = device.allocate(12)
    device.write(buffer, [1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0])
    const [a, b, out] = [buffer.view(0, 4), buffer.view(4, 4), buffer.view(8, 4)]
    device.matmul({ m: 2, n: 2, k: 2, a, b, out })
    expect([...(await device.read(out))]).toEqual([19, 22, 43, 50])
    device.copy(out, b)
    expect([...(await device.read(buffer.view(4, 4)))]).toEqual([19, 22, 43, 50])
    buffer.dispose()
  })

  it('checks arguments as every device does', () => {
    const buffer = device.allocate(4)
    expect(() => device.matmul({ m: 2, n: 2, k: 3, a: buffer, b: buffer, out: buffer })).toThrow(
      'matmul: a must have m × k = 6 elements, but has 4',
    )
    buffer.dispose()
  })
})
