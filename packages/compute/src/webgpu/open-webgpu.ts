import type { Device } from '../device.js'
import { requestDevice } from './request-device.js'
import { createWebGpuDevice } from './webgpu-device.js'

/**
 * Objects that made devices, held until the device is disposed. If such an object is garbage collected while its device
 * is in use, Dawn, the implementation in Node, ends the process.
 */
const held = new Set<GPU>()

/** A device on WebGPU. */
export interface WebGpu extends Device {
  /** The adapter, for instance `google swiftshader`. */
  readonly adapter: string
}

/**
 * Opens the GPU through WebGPU, in browsers and, with the optional peer dependency `webgpu`, in Node. Kernels are
 * queued and submitted together. After a GPU was lost, or had no memory left, the next call throws a PosttrainError.
 *
 * Numbers are f32. Indices (tokens, positions, rows) lie in the GPU's memory and cannot be checked before a kernel
 * runs: one out of range counts as the nearest in range. WGSL lets a compiler assume that there are no infinities:
 * kernels do not compute with a logit of −∞, and give its token probability 0.
 *
 * @throws PosttrainError `unsupported` if there is no WebGPU, no adapter or no device, saying which
 * @example
 * ```ts
 * const gpu = await openWebGpu().catch(() => undefined) // undefined where there is no adapter
 * gpu?.dispose()
 * ```
 */
export async function openWebGpu(): Promise<WebGpu> {
  const { gpu, adapter, device } = await requestDevice()
  held.add(gpu)
  return Object.assign(
    createWebGpuDevice(device, () => held.delete(gpu)),
    { adapter },
  )
}
