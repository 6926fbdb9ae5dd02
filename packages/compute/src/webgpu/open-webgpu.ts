import type { Device } from '../device.js'
import { requestDevice } from './request-device.js'
import { createWebGpuDevice } from './webgpu-device.js'

/**
 * Dawn's implementation ends, and takes the process with it, when the object that made its devices is collected while one
 * of them is in use: it is held here until the device is disposed.
 */
const held = new Set<GPU>()

/** A WebGPU device. */
export interface WebGpu extends Device {
  /** The adapter, for instance `google swiftshader`. */
  readonly adapter: string
}

/**
 * Opens the GPU through WebGPU, in browsers and, with the optional peer dependency `webgpu`, in Node. Kernels are queued
 * and submitted together; a lost device, or one without memory, makes the next call fail with a PosttrainError.
 *
 * Numbers are f32. Indices (tokens, positions, rows) are in the GPU's memory and cannot be checked before a kernel runs:
 * one out of range counts as the nearest in range. WGSL lets a compiler assume that there are no infinities; a logit of −∞
 * is therefore never computed with, and counts as probability 0.
 *
 * @throws PosttrainError `unsupported` if there is no WebGPU, no adapter or no device, saying which.
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
