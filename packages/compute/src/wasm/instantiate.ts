import type { WasmExports } from './exports.js'
import { kernelsBase64 } from './module.generated.js'

const moduleBytes = (): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(kernelsBase64), (c) => c.charCodeAt(0))

/** True if this engine accepts the kernels: it has WebAssembly with SIMD. */
export const canInstantiate = (): boolean => typeof WebAssembly === 'object' && WebAssembly.validate(moduleBytes())

/** A fresh instance of the kernels with a memory of its own. */
export async function instantiateKernels(): Promise<WasmExports> {
  const { instance } = await WebAssembly.instantiate(moduleBytes())
  return instance.exports as WasmExports
}
