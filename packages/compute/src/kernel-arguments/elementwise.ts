import type { DeviceBuffer } from '../device-buffer.js'

/** out += scale · x, for a residual stream or a low-rank adapter. */
export interface AddArguments {
  readonly length: number
  readonly x: DeviceBuffer
  readonly out: DeviceBuffer
  /** Default 1. */
  readonly scale?: number
}
