import { unsupported } from '@posttrain/core'
import { assembleDevice, type DeviceWith } from '../assemble-device.js'
import { createHostMemory } from '../host-memory.js'
import { compileElementKernel } from './element-kernel.js'
import { gpujsMatmul } from './matmul.js'

/** Applies a user's function to every entry of one or more arrays of equal length. */
export type ElementKernel = (...inputs: readonly ArrayLike<number>[]) => Float32Array

/** gpu.js on some backend: the kernels it has so far, and the way to write one's own. */
export interface GpuJs extends DeviceWith<'matmul'> {
  /** What gpu.js runs on here, in its words: `gpu` is WebGL, `webasm` WebAssembly, `cpu` plain JavaScript. */
  readonly backend: string
  /**
   * Compiles a function of numbers to a kernel over arrays.
   *
   * @param perElement for instance an f-divergence generator; it may use its parameters, Math, if and for, nothing else
   * @throws PosttrainError `invalid-argument` for a function that is not of that form
   */
  defineKernel(perElement: (...values: number[]) => number): ElementKernel
}

/**
 * Opens gpu.js, an optional peer dependency. It reaches browsers that have WebGL2 but no WebGPU.
 *
 * @param backend `auto` takes the best that is there; `cpu` is always there
 * @throws PosttrainError `unsupported` if gpu.js is not installed.
 * @example
 * ```ts
 * const gpujs = await openGpuJs('cpu')
 * const square = gpujs.defineKernel((x) => x * x)
 * square([1, 2, 3]) // => [1, 4, 9]
 * gpujs.dispose()
 * ```
 */
export async function openGpuJs(backend: 'auto' | 'cpu' = 'auto'): Promise<GpuJs> {
  const gpujs = await import('gpu.js').catch((cause: unknown) => {
    throw unsupported(`gpu.js cannot be loaded: ${String(cause)}`, 'npm install gpu.js')
  })
  const gpu = new gpujs.GPU(backend === 'auto' ? {} : { mode: backend })
  const memory = createHostMemory((length) => new Float32Array(length))
  const device = assembleDevice('gpujs', { ...memory, dispose: () => void gpu.destroy() }, { matmul: gpujsMatmul(gpu) })
  return Object.assign(device, {
    backend: gpu.mode,
    defineKernel: (perElement: (...values: number[]) => number) => compileElementKernel(gpu, perElement),
  })
}
