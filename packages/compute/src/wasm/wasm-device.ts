import { requireInteger, unsupported } from '@posttrain/core'
import { assembleDevice } from '../assemble-device.js'
import type { Device } from '../device.js'
import { canInstantiate, instantiateKernels } from './instantiate.js'
import { job } from './job.js'
import { wasmKernels } from './kernels.js'
import { createWasmMemory } from './memory.js'
import { startThreads } from './threads.js'
import { workAlone } from './work.js'

/** How a wasm device is made. */
export interface WasmDeviceOptions {
  /** Threads that compute, the calling one among them. Default 1. The results are the same bits for any number. */
  readonly threads?: number
  /**
   * Multiplies and adds in one rounding where the engine has WebAssembly's relaxed SIMD, and as ever where it has not. Faster
   * by a fifth, but the last bits of results then depend on the machine. Default false: the same bits on every machine.
   */
  readonly fused?: boolean
}

/** More would only wait for memory. */
const MAX_THREADS = 32

/**
 * True if this engine runs WebAssembly with SIMD, so that `createWasmDevice` will not refuse.
 *
 * @example
 * ```ts
 * isWasmSupported() // => true
 * ```
 */
export const isWasmSupported = (): boolean => canInstantiate()

/**
 * The default device: SIMD kernels in WebAssembly, in Node and browsers, without native code. Each device is an instance
 * with a memory of its own, up to 4 GiB. With more than one thread, kernels still return when their work is done; a browser's
 * page must be cross-origin isolated for that, and `dispose` ends the threads; there are at most 32.
 *
 * @throws PosttrainError `unsupported` where there is no WebAssembly with SIMD, or where threads are asked for and memory
 * cannot be shared; `invalid-argument` for another number of threads.
 * @example
 * ```ts
 * const device = await createWasmDevice()
 * const x = device.allocate(2)
 * device.write(x, [3, 4])
 * await device.sumOfSquares(x) // => 25
 * ```
 */
export async function createWasmDevice({ threads = 1, fused = false }: WasmDeviceOptions = {}): Promise<Device> {
  requireInteger('createWasmDevice: threads', threads, { min: 1, max: MAX_THREADS })
  if (!canInstantiate()) {
    throw unsupported('this engine has no WebAssembly with SIMD', 'use Node 20 or later, or a browser of 2023 or later')
  }
  const instance = await instantiateKernels({ shared: threads > 1, fused })
  const memory = createWasmMemory(instance)
  if (threads === 1) {
    const run = workAlone(instance.exports, memory.scratch)
    return assembleDevice('wasm', memory, wasmKernels(instance.exports, run, memory.scratch))
  }
  const { run, dispose } = await startThreads(instance, threads, memory.allocate(job.bytes / 4, 'i32'), memory.scratch)
  return assembleDevice('wasm', { ...memory, dispose }, wasmKernels(instance.exports, run, memory.scratch))
}
