import { unsupported } from '@posttrain/core'
import { assembleDevice, type DeviceWith } from '../assemble-device.js'
import { webgpuMatmul } from './matmul.js'
import { createGpuMemory } from './memory.js'

/** The browser's GPU interface, or Dawn's in Node through the optional peer `webgpu`. */
async function findGpu(): Promise<GPU> {
  const { gpu } = (globalThis as { navigator?: Partial<Navigator> }).navigator ?? {}
  if (gpu !== undefined) return gpu
  try {
    const { create } = await import('webgpu')
    return create([])
  } catch (cause) {
    throw unsupported(`there is no WebGPU here: ${String(cause)}`, 'in Node: npm install webgpu')
  }
}

/**
 * Dawn's implementation ends, and takes the process with it, when the object that made its devices is collected while one
 * of them is in use: it is held here until the device is disposed.
 */
const held = new Set<GPU>()

/** A WebGPU device with the kernels it has so far. */
export interface WebGpu extends DeviceWith<'matmul'> {
  /** The adapter, for instance `google swiftshader`. */
  readonly adapter: string
}

/**
 * Opens the GPU through WebGPU, in browsers and, with the optional peer dependency `webgpu`, in Node.
 *
 * @throws PosttrainError `unsupported` if there is no WebGPU, no adapter or no device, saying which.
 * @example
 * ```ts
 * const gpu = await openWebGpu().catch(() => undefined) // undefined where there is no adapter
 * gpu?.dispose()
 * ```
 */
export async function openWebGpu(): Promise<WebGpu> {
  const gpu = await findGpu()
  const adapter = await gpu.requestAdapter()
  if (adapter === null) {
    throw unsupported('WebGPU has no adapter here', "a GPU's Vulkan, Metal or Direct3D 12 driver is needed")
  }
  const device = await adapter.requestDevice().catch((cause: unknown) => {
    throw unsupported(`the WebGPU adapter gives no device: ${String(cause)}`)
  })
  held.add(gpu)
  let failure: string | undefined
  void device.lost.then(({ message }) => (failure = `the WebGPU device was lost: ${message}`))
  device.onuncapturederror = ({ error }) => (failure ??= `the WebGPU device failed: ${error.message}`)
  const requireHealthy = (): void => {
    if (failure !== undefined) throw unsupported(failure, 'open the device again, or use wasm')
  }
  const memory = createGpuMemory(device, requireHealthy)
  const dispose = (): void => {
    held.delete(gpu)
    memory.dispose()
  }
  const { vendor, architecture } = adapter.info
  return Object.assign(assembleDevice('webgpu', { ...memory, dispose }, { matmul: webgpuMatmul(device) }), {
    adapter: `${vendor} ${architecture}`.trim(),
  })
}
