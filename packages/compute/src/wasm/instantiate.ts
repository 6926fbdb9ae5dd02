import { unsupported } from '@posttrain/core'
import type { WasmExports } from './exports.js'
import * as plain from './module.generated.js'

/** Most pages of 64 KiB that the module accepts, which is stated in scripts/compile.mjs. */
const MAXIMUM_PAGES = 65536

/** Enough for the module's static data; the heap grows from there. */
const INITIAL_PAGES = 16

/** The flags of a memory that is shared and has a maximum. */
const SHARED = 3

type Carried = typeof plain

const bytesOf = ({ kernelsBase64 }: Carried): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(kernelsBase64), (c) => c.charCodeAt(0))

/** True if this engine accepts the kernels: it has WebAssembly with SIMD. */
export const canInstantiate = (): boolean => typeof WebAssembly === 'object' && WebAssembly.validate(bytesOf(plain))

/** The kernels, and the memory they work on. */
export interface Instance {
  readonly exports: WasmExports
  readonly memory: WebAssembly.Memory
  readonly module: WebAssembly.Module
}

/** Which kernels, on which memory. */
export interface InstanceOptions {
  /** Use a memory that threads can share. Default false. */
  readonly shared?: boolean | undefined
  /** Use fused multiply-add if the engine has relaxed SIMD. Default false. */
  readonly fused?: boolean | undefined
}

/** Returns the module to run: the fused one if it is asked for and the engine accepts it. */
async function chooseBytes(fused: boolean): Promise<{ bytes: Uint8Array<ArrayBuffer>; carried: Carried }> {
  if (fused) {
    const carried = await import('./module-fused.generated.js')
    const bytes = bytesOf(carried)
    if (WebAssembly.validate(bytes)) return { bytes, carried }
  }
  return { bytes: bytesOf(plain), carried: plain }
}

/** @throws PosttrainError `unsupported` if there is no memory, or none that can be shared */
function createMemory(shared: boolean): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES, shared })
  } catch (cause) {
    const hint = shared ? 'create the device with one thread' : undefined
    throw unsupported(`there is no ${shared ? 'shared ' : ''}WebAssembly memory here: ${String(cause)}`, hint)
  }
}

/** Makes an instance of the kernels with a memory of its own. */
export async function instantiateKernels({ shared = false, fused = false }: InstanceOptions = {}): Promise<Instance> {
  const { bytes, carried } = await chooseBytes(fused)
  if (shared) bytes[carried.memoryFlagsOffset] = SHARED
  const memory = createMemory(shared)
  const { module, instance } = await WebAssembly.instantiate(bytes, { env: { memory } })
  return { exports: instance.exports as WasmExports, memory, module }
}
