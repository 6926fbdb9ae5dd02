import type { GPU } from 'gpu.js'
import { unsupported } from '@posttrain/core'
import { assembleDevice } from '../assemble-device.js'
import type { Device } from '../device.js'
import { createHostMemory } from '../host-memory.js'
import { createCompile } from './compile.js'
import { compileElementKernel } from './element-kernel.js'
import { gpujsKernels } from './kernels.js'

/** Applies a user's function to every entry of one or more arrays of equal length. */
export type ElementKernel = (...inputs: readonly ArrayLike<number>[]) => Float32Array

/** gpu.js on some backend: a device with every kernel, and the way to write one's own. */
export interface GpuJs extends Device {
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

/** The class, which browser bundles of gpu.js export by default only. */
async function loadGpuJs(): Promise<typeof GPU> {
  try {
    const module: { readonly GPU?: typeof GPU; readonly default?: { readonly GPU: typeof GPU } } =
      await import('gpu.js')
    return module.GPU ?? module.default!.GPU
  } catch (cause) {
    throw unsupported(`gpu.js cannot be loaded: ${String(cause)}`, 'npm install gpu.js')
  }
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
  const GPU = await loadGpuJs()
  const gpu = new GPU(backend === 'auto' ? {} : { mode: backend })
  const memory = createHostMemory((length) => new Float32Array(length))
  const device = assembleDevice(
    'gpujs',
    { ...memory, dispose: () => void gpu.destroy() },
    gpujsKernels(createCompile(gpu)),
  )
  return Object.assign(device, {
    backend: gpu.mode,
    defineKernel: (perElement: (...values: number[]) => number) => compileElementKernel(gpu, perElement),
  })
}
