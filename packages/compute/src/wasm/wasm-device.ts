import { unsupported } from '@posttrain/core'
import { assembleDevice } from '../assemble-device.js'
import type { Device } from '../device.js'
import { canInstantiate, instantiateKernels } from './instantiate.js'
import { wasmKernels } from './kernels.js'
import { createWasmMemory } from './memory.js'

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
 * The default device: SIMD kernels in WebAssembly on the calling thread, in Node and browsers, without native code. Each
 * device is an instance with a memory of its own, up to 4 GiB.
 *
 * @throws PosttrainError `unsupported` where there is no WebAssembly with SIMD.
 * @example
 * ```ts
 * const device = await createWasmDevice()
 * const x = device.allocate(2)
 * device.write(x, [3, 4])
 * await device.sumOfSquares(x) // => 25
 * ```
 */
export async function createWasmDevice(): Promise<Device> {
  if (!canInstantiate()) {
    throw unsupported('this engine has no WebAssembly with SIMD', 'use Node 20 or later, or a browser of 2023 or later')
  }
  const exports = await instantiateKernels()
  const memory = createWasmMemory(exports)
  return assembleDevice('wasm', memory, wasmKernels(exports, memory.scratch))
}
