import type { HostArray } from '../host-memory.js'
import type { Implementation } from '../implementation.js'
import type { KernelName } from '../kernels.js'

/** A kernel as plain float64 loops over host arrays. */
export type ReferenceKernel<K extends KernelName> = Implementation<K, HostArray>
