import type { Kernel, KernelName } from '../kernels.js'

/** How the reference kernels see a buffer: f32 as float64, i32 as int32. */
export type HostArray = Float64Array | Int32Array

/** A kernel as plain loops over host arrays. */
export type ReferenceKernel<K extends KernelName> = Kernel<K, HostArray>
