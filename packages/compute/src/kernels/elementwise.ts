import type { DeviceBuffer } from '../device-buffer.js'

/** Arithmetic of entries. */
export interface ElementwiseKernels {
  /** out += scale · x, for a residual stream or a low-rank adapter. */
  readonly add: {
    readonly length: number
    /** (length). */
    readonly x: DeviceBuffer
    /** (length); added to. May be `x`. */
    readonly out: DeviceBuffer
    /** Finite. Default 1. */
    readonly scale?: number | undefined
  }
}
