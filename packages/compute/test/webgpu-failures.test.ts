import { openWebGpu } from '@posttrain/compute'
import { PosttrainError } from '@posttrain/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { watchHealth } from '../src/webgpu/health.js'
import { requestDevice, type RequestedDevice } from '../src/webgpu/request-device.js'
import { createWebGpuDevice } from '../src/webgpu/webgpu-device.js'

const requested = await requestDevice().catch((error: unknown) => error as PosttrainError)
const missing = requested instanceof PosttrainError ? ` (skipped: ${requested.message})` : ''
/** Held: see open-webgpu.ts. */
const held: RequestedDevice[] = []

async function open(): Promise<{ gpu: GPUDevice; device: ReturnType<typeof createWebGpuDevice> }> {
  const opened = await requestDevice()
  held.push(opened)
  return { gpu: opened.device, device: createWebGpuDevice(opened.device, () => {}) }
}

const failure = async (work: () => unknown): Promise<PosttrainError> => {
  try {
    await work()
  } catch (error) {
    if (error instanceof PosttrainError) return error
    throw error
  }
  throw new Error('this should have failed')
}

describe('openWebGpu', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('says that there is no adapter', async () => {
    vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => null } })
    expect(await failure(openWebGpu)).toMatchObject({ code: 'unsupported', message: 'WebGPU has no adapter here' })
  })

  it('says that the adapter gives no device', async () => {
    const requestDevice = async (): Promise<never> => {
      throw new Error('too many devices')
    }
    vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => ({ limits: {}, info: {}, requestDevice }) } })
    expect(await failure(openWebGpu)).toMatchObject({
      code: 'unsupported',
      message: 'the WebGPU adapter gives no device: Error: too many devices',
    })
  })
})

/** As much of a GPUDevice as `watchHealth` looks at. */
class FakeDevice extends EventTarget {
  readonly lost: Promise<{ message: string }>
  onuncapturederror: ((event: { error: { message: string } }) => void) | undefined

  constructor(
    private readonly error: { message: string } | null,
    lost?: { message: string },
  ) {
    super()
    this.lost = lost === undefined ? new Promise(() => {}) : Promise.resolve(lost)
  }

  pushErrorScope(): void {}

  async popErrorScope(): Promise<{ message: string } | null> {
    return this.error
  }
}

describe('watchHealth', () => {
  const watch = (fake: FakeDevice): ReturnType<typeof watchHealth> => watchHealth(fake as unknown as GPUDevice)
  const buffer = {} as GPUBuffer

  it('reports a buffer that there was no memory for, once WebGPU tells', async () => {
    const health = watch(new FakeDevice({ message: 'heap exhausted' }))
    expect(health.watchMemory(4096, () => buffer)).toBe(buffer)
    expect(health.require).not.toThrow()
    await new Promise(setImmediate)
    expect(await failure(health.require)).toMatchObject({
      code: 'unsupported',
      message: 'the WebGPU device has no memory for 4096 bytes: heap exhausted',
    })
  })

  it('is content with a buffer that there was memory for', async () => {
    const health = watch(new FakeDevice(null))
    health.watchMemory(4096, () => buffer)
    await new Promise(setImmediate)
    expect(health.require).not.toThrow()
  })

  it('reports the first failure, with what to do', async () => {
    const fake = new FakeDevice(null, { message: 'unplugged' })
    const health = watch(fake)
    fake.onuncapturederror?.({ error: { message: 'a bad shader' } })
    await new Promise(setImmediate)
    expect(await failure(health.require)).toMatchObject({
      code: 'unsupported',
      message: 'the WebGPU device failed: a bad shader',
      hint: 'open the device again, or use wasm',
    })
    const lost = watch(new FakeDevice(null, { message: 'unplugged' }))
    await new Promise(setImmediate)
    expect((await failure(lost.require)).message).toBe('the WebGPU device was lost: unplugged')
  })
})

describe.skipIf(missing !== '')(`a WebGPU device${missing}`, () => {
  it('that was lost fails in the next call, whatever it is, and does not hang', async () => {
    const { gpu, device } = await open()
    const x = device.allocate(4)
    device.fill(x, 1)
    gpu.destroy()
    expect(await failure(() => device.read(x))).toMatchObject({ code: 'unsupported' })
    await gpu.lost
    const calls = [
      () => device.read(x),
      () => device.sumOfSquares(x),
      () => device.allocate(4),
      () => device.add({ length: 4, x, out: x }),
      () => device.fill(x, 2),
    ]
    for (const call of calls) {
      const { code, message, hint } = await failure(call)
      expect(code).toBe('unsupported')
      expect(message).toMatch(/^the WebGPU device was lost/)
      expect(hint).toBe('open the device again, or use wasm')
    }
    expect(() => device.dispose()).not.toThrow()
  })

  it('that is lost while it is read fails in that read', async () => {
    const { gpu, device } = await open()
    const x = device.allocate(1 << 20)
    device.fill(x, 1)
    const reading = failure(() => device.read(x))
    gpu.destroy()
    expect(await reading).toMatchObject({ code: 'unsupported' })
  })

  it('refuses more than it can bind, and goes on', async () => {
    const { gpu, device } = await open()
    const limit = Math.min(gpu.limits.maxStorageBufferBindingSize, gpu.limits.maxBufferSize)
    const { code, message } = await failure(() => device.allocate(limit / 4 + 1))
    expect([code, message]).toEqual([
      'unsupported',
      `${limit + 4} bytes are more than this GPU binds at once (${limit})`,
    ])
    expect(device.allocatedBytes).toBe(0)
    const x = device.allocate(2)
    expect([...(await device.read(x))]).toEqual([0, 0])
    device.dispose()
  })

  it('that refused some work says so', async () => {
    const { gpu, device } = await open()
    const x = device.allocate(1)
    gpu.createBuffer({ size: 4, usage: 0x3 }) // both map modes: a validation error
    await new Promise(setImmediate)
    expect((await failure(() => device.read(x))).message).toMatch(/^the WebGPU device failed: /)
    device.dispose()
  })
})
