import { createDevice } from '@posttrain/compute'
import type { PosttrainError } from '@posttrain/core'
import { afterEach, describe, expect, it, vi } from 'vitest'

async function expectToCompute({ device }: Awaited<ReturnType<typeof createDevice>>): Promise<void> {
  const x = device.allocate(2)
  device.write(x, [3, 4])
  device.add({ length: 2, x, out: x })
  expect(await device.sumOfSquares(x)).toBe(100)
  device.dispose()
}

const withoutSimd = (): unknown => vi.spyOn(WebAssembly, 'validate').mockReturnValue(false)
const withoutAdapter = (): unknown =>
  vi.doMock('webgpu', () => ({ create: () => ({ requestAdapter: async () => null }) }))
const withoutGpuJs = (): unknown =>
  vi.doMock('gpu.js', () => {
    throw new Error('it is not installed')
  })

afterEach(() => {
  vi.restoreAllMocks()
  vi.doUnmock('webgpu')
  vi.doUnmock('gpu.js')
})

describe('createDevice', () => {
  it.each(['wasm', 'gpujs', 'reference'] as const)('gives %s by name, and it computes', async (name) => {
    const chosen = await createDevice(name)
    expect(chosen.device.name).toBe(name)
    expect(chosen.reason).toBe(`${name} was asked for`)
    await expectToCompute(chosen)
  })

  it('picks wasm by itself and says why', async () => {
    const { device, reason } = await createDevice()
    expect(device.name).toBe('wasm')
    expect(reason).toBe('wasm was picked: this engine has WebAssembly with SIMD')
  })

  it('gives wasm as many threads as are asked for, or says why it has one', async () => {
    const threaded = await createDevice('auto', { threads: 2 })
    expect(threaded.reason).toBe('wasm was picked: this engine has WebAssembly with SIMD')
    await expectToCompute(threaded)
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined) // no worker_threads
    const alone = await createDevice('auto', { threads: 2 })
    expect(alone.device.name).toBe('wasm')
    expect(alone.reason).toMatch(
      /^wasm was picked: this engine has WebAssembly with SIMD, on one thread; not wasm: .*thread/,
    )
    await expectToCompute(alone)
    await expect(createDevice('wasm', { threads: 2 })).rejects.toMatchObject({ code: 'unsupported' })
  })

  it('refuses numbers of threads that cannot be', async () => {
    await expect(createDevice('auto', { threads: 0 })).rejects.toThrow(
      'threads must be an integer of at least 1, but is 0',
    )
    await expect(createDevice('auto', { threads: 1000 })).rejects.toMatchObject({ code: 'invalid-argument' })
  })

  it('picks gpujs where there is neither SIMD nor an adapter', async () => {
    withoutSimd()
    withoutAdapter()
    const chosen = await createDevice()
    expect(chosen.device.name).toBe('gpujs')
    expect(chosen.reason).toBe(
      'gpujs was picked: gpu.js is installed' +
        '; not wasm: this engine has no WebAssembly with SIMD; not webgpu: WebGPU has no adapter here',
    )
    await expectToCompute(chosen)
  })

  it('picks reference where there is nothing else', async () => {
    withoutSimd()
    withoutAdapter()
    withoutGpuJs()
    const chosen = await createDevice()
    expect(chosen.device.name).toBe('reference')
    expect(chosen.reason).toMatch(
      /^reference was picked: .*; not wasm: .*; not webgpu: .*; not gpujs: gpu\.js cannot be loaded: /,
    )
    await expectToCompute(chosen)
  })

  it('refuses a device that is not there with an error that says why', async () => {
    withoutSimd()
    withoutAdapter()
    withoutGpuJs()
    for (const [name, why] of [
      ['wasm', 'this engine has no WebAssembly with SIMD'],
      ['webgpu', 'WebGPU has no adapter here'],
      ['gpujs', 'gpu.js cannot be loaded'],
    ] as const) {
      const error = await createDevice(name).catch((e: unknown) => e as PosttrainError)
      expect(error).toMatchObject({ code: 'unsupported' })
      expect((error as PosttrainError).message).toContain(why)
    }
  })

  it('refuses a name there is not', async () => {
    await expect(createDevice('cuda' as 'wasm')).rejects.toThrow(
      'createDevice: choice must be one of auto, wasm, webgpu, gpujs, reference, but is "cuda"',
    )
  })
})
