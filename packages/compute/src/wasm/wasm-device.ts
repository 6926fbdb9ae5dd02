import { requireInteger, unsupported } from '@posttrain/core'
import { assembleDevice } from '../assemble-device.js'
import type { Device } from '../device.js'
import { canInstantiate, instantiateKernels } from './instantiate.js'
import { job } from './job.js'
import { wasmKernels } from './kernels.js'
import { createWasmMemory } from './memory.js'
import { startThreads } from './threads.js'
import { workAlone } from './work.js'

/** Options of a wasm device. */
export interface WasmDeviceOptions {
  /** Threads that compute, including the calling one, from 1 to 32. Any number gives the same bits. Default 1. */
  readonly threads?: number | undefined
  /**
   * Rounds once per multiplication and addition if the engine has WebAssembly's relaxed SIMD. That is faster by a
   * fifth, but the last bits of results depend on the machine. Default false: the same bits on every machine.
   */
  readonly fused?: boolean | undefined
}

/** More threads would only wait for memory. */
const MAX_THREADS = 32

/**
 * True if this engine has WebAssembly with SIMD, which `createWasmDevice` needs.
 *
 * @example
 * ```ts
 * isWasmSupported() // => true
 * ```
 */
export const isWasmSupported = (): boolean => canInstantiate()

/**
 * Opens the default device: SIMD kernels in WebAssembly, in Node and browsers, without native code. Each device has a
 * memory of its own, of at most 4 GiB. Kernels return when their work is done, also with several threads. In a browser,
 * several threads need a page that is cross-origin isolated. `dispose` ends them.
 *
 * @throws PosttrainError `unsupported` if there is no WebAssembly with SIMD, or if several threads are asked for and
 *   memory cannot be shared; `invalid-argument` for another number of threads
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
