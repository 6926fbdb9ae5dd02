import { unsupported } from '@posttrain/core'
import type { WasmExports } from './exports.js'
import * as plain from './module.generated.js'

/** The module says that it takes a memory of up to this many pages of 64 KiB. */
const MAXIMUM_PAGES = 65536

/** Enough for the module's static data; the heap grows from there. */
const INITIAL_PAGES = 16

/** The flags of a memory that has a maximum and is shared. */
const SHARED = 3

type Carried = typeof plain

const bytesOf = ({ kernelsBase64 }: Carried): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(kernelsBase64), (c) => c.charCodeAt(0))

/** True if this engine accepts the kernels: it has WebAssembly with SIMD. */
export const canInstantiate = (): boolean => typeof WebAssembly === 'object' && WebAssembly.validate(bytesOf(plain))

/** The kernels at work on a memory. */
export interface Instance {
  readonly exports: WasmExports
  readonly memory: WebAssembly.Memory
  readonly module: WebAssembly.Module
}

/** What kernels, on what memory. */
export interface InstanceOptions {
  /** With a memory that other threads can share. */
  readonly shared?: boolean
  /** With multiply-add fused, where the engine has relaxed SIMD. */
  readonly fused?: boolean
}

/** The module to run: the fused one is loaded where it is asked for and accepted. */
async function chooseBytes(fused: boolean): Promise<{ bytes: Uint8Array<ArrayBuffer>; carried: Carried }> {
  if (fused) {
    const carried = await import('./module-fused.generated.js')
    const bytes = bytesOf(carried)
    if (WebAssembly.validate(bytes)) return { bytes, carried }
  }
  return { bytes: bytesOf(plain), carried: plain }
}

/** @throws PosttrainError `unsupported` where memory cannot be shared or is not to be had */
function createMemory(shared: boolean): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES, shared })
  } catch (cause) {
    throw unsupported(`there is no ${shared ? 'shared ' : ''}WebAssembly memory here: ${String(cause)}`)
  }
}

/** A fresh instance of the kernels with a memory of its own. */
export async function instantiateKernels({ shared = false, fused = false }: InstanceOptions = {}): Promise<Instance> {
  const { bytes, carried } = await chooseBytes(fused)
  if (shared) bytes[carried.memoryFlagsOffset] = SHARED
  const memory = createMemory(shared)
  const { module, instance } = await WebAssembly.instantiate(bytes, { env: { memory } })
  return { exports: instance.exports as WasmExports, memory, module }
}
