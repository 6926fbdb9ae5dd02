import type { DeviceBuffer } from '../device-buffer.js'

/** out[row] = source[indices[row]], for instance to hand a group's prompt cache to each of its samples. */
export interface GatherRowsArguments {
  readonly rows: number
  readonly columns: number
  readonly source: DeviceBuffer
  /** i32, rows. */
  readonly indices: DeviceBuffer
  readonly out: DeviceBuffer
}

/** out[indices[row]] += source[row]: the transpose of GatherRows. */
export interface ScatterAddRowsArguments {
  readonly rows: number
  readonly columns: number
  readonly source: DeviceBuffer
  /** i32, rows. */
  readonly indices: DeviceBuffer
  readonly out: DeviceBuffer
}
