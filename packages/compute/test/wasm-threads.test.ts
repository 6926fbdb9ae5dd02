import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Worker } from 'node:worker_threads'
import { createReferenceDevice, createWasmDevice, type Device } from '@posttrain/compute'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { difference } from './support/difference.js'
import { draw } from './support/draw.js'
import { kernelCases } from './support/kernel-cases.js'
import { runKernel } from './support/run-kernel.js'
import { threadedDevice } from './support/threaded-device.js'

/** Every kernel call is shared, however small it is. */
const ALWAYS = { leastWork: 0, patience: 20_000, patienceTimes: 100 }

const square = (size: number): { readonly settings: object; readonly buffers: Record<string, number[]> } => {
  const d = draw(size)
  const entries = size * size
  return {
    settings: { m: size, n: size, k: size },
    buffers: { a: d.normal(entries), b: d.normal(entries), out: d.normal(entries) },
  }
}

const product = async (device: Device, size: number): Promise<Float64Array> => {
  const { settings, buffers } = square(size)
  return (await runKernel(device, 'matmul', { settings: { ...settings }, buffers })).out!
}

describe.each([2, 3])('%i threads', (count) => {
  it.each(Object.entries(kernelCases))(
    'give in %s the bits that one thread gives',
    async (kernel, { bound, calls, outputs }) => {
      const { device } = await threadedDevice(count, ALWAYS)
      const [one, reference] = [await createWasmDevice(), createReferenceDevice()]
      await fc.assert(
        fc.asyncProperty(calls, async (call) => {
          const expected = await runKernel(one, kernel, call)
          const actual = await runKernel(device, kernel, call)
          expect(actual).toEqual(expected)
          const exact = await runKernel(reference, kernel, call)
          for (const output of outputs.filter((o) => o in call.buffers)) {
            expect(difference(actual[output]!, exact[output]!), output).toBeLessThanOrEqual(bound)
          }
        }),
        { numRuns: 25 },
      )
      device.dispose()
    },
  )
})

describe('createWasmDevice({ threads })', () => {
  it('shares what is large enough', async () => {
    const device = await createWasmDevice({ threads: 2 })
    expect(await product(device, 200)).toEqual(await product(await createWasmDevice(), 200))
    device.dispose()
  })

  it('refuses numbers of threads that cannot be', async () => {
    await expect(createWasmDevice({ threads: 0 })).rejects.toThrow(
      'createWasmDevice: threads must be an integer from 1',
    )
    await expect(createWasmDevice({ threads: 1.5 })).rejects.toThrow('but is 1.5')
  })

  it.each(['device.dispose()', ''])('lets a program end that ends with "%s"', async (last) => {
    const program = `
      import { createWasmDevice } from '@posttrain/compute'
      const device = await createWasmDevice({ threads: 3 })
      const [a, b, out] = [device.allocate(40000), device.allocate(40000), device.allocate(40000)]
      device.fill(a, 1)
      device.fill(b, 2)
      device.matmul({ m: 200, n: 200, k: 200, a, b, out })
      console.log((await device.read(out))[39999])
      ${last}`
    const cwd = fileURLToPath(new URL('../../..', import.meta.url))
    const options = ['--conditions=@posttrain/source', '--import', 'tsx', '--input-type=module', '--eval', program]
    const { stdout } = await promisify(execFile)(process.execPath, options, { cwd, timeout: 30_000 })
    expect(stdout).toBe('400\n')
  })
})

describe('a device that lost a thread', () => {
  it('says so instead of waiting', async () => {
    const workers: Worker[] = []
    const note = (worker: Worker): void => void workers.push(worker)
    process.on('worker', note)
    const device = await createWasmDevice({ threads: 2 })
    process.off('worker', note)
    expect(workers.length).toBe(1)
    await workers[0]!.terminate()
    await expect(product(device, 200)).rejects.toThrow(
      'the threads of the wasm device have failed: a worker thread ended',
    )
  })

  it('says so where a thread takes too long', async () => {
    const { device } = await threadedDevice(2, { leastWork: 0, patience: 0, patienceTimes: 0 })
    const { settings, buffers } = square(500)
    const call = { settings: { ...settings }, buffers }
    // Unless the other thread has not come to take a part, its last part is still being computed when ours is done.
    const tries = async (): Promise<void> => {
      for (let i = 0; i < 200; i++) await runKernel(device, 'matmul', call)
    }
    await expect(tries()).rejects.toThrow('a worker thread took work and did not finish it')
    device.dispose()
  })

  it('says so where a kernel fails', async () => {
    const { device, run } = await threadedDevice(2, ALWAYS)
    const beyond = 2 ** 31 // of the memory that there is
    expect(() => run('add', { total: 1e6, cost: 1 }, [1, beyond, beyond])).toThrow('add failed')
    expect(() => run('add', { total: 0, cost: 1 }, [1, 0, 0])).toThrow('the threads of the wasm device have failed')
    device.dispose()
  })
})
