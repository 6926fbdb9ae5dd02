import type { GPU } from 'gpu.js'
import { unsupported } from '@posttrain/core'
import { assembleDevice } from '../assemble-device.js'
import type { Device } from '../device.js'
import { createHostMemory } from '../host-memory.js'
import { createCompile } from './compile.js'
import { compileElementKernel } from './compile-element-kernel.js'
import type { ElementKernel } from './element-kernel.js'
import { gpujsKernels } from './kernels.js'

/** A device on gpu.js, which also compiles kernels of your own. */
export interface GpuJs extends Device {
  /** What gpu.js runs on here: `gpu` is WebGL, `webasm` is WebAssembly, `cpu` is plain JavaScript. */
  readonly backend: string
  /**
   * Compiles a function of numbers to a kernel over arrays.
   *
   * @param perElement for instance the generator of an f-divergence; it may use its parameters, Math, if and for only
   * @throws PosttrainError `invalid-argument` for a function that is not of that form
   */
  defineKernel(perElement: (...values: number[]) => number): ElementKernel
}

/** Loads the class; the bundles of gpu.js for browsers have it on their default export only. */
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
 * @param backend `auto` takes the best there is; there always is `cpu`
 * @throws PosttrainError `unsupported` if gpu.js is not installed
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
