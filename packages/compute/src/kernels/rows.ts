import type { DeviceBuffer } from '../device-buffer.js'

/** Rows of a matrix, by index. */
export interface RowKernels {
  /** out[row] = source[indices[row]], for instance to hand the cache of a prompt to each sample of its group. */
  readonly gatherRows: {
    readonly rows: number
    readonly columns: number
    /** (sourceRows, columns). */
    readonly source: DeviceBuffer
    /** i32 (rows): below the number of rows of `source`. */
    readonly indices: DeviceBuffer
    /** (rows, columns); replaced. */
    readonly out: DeviceBuffer
  }
  /** out[indices[row]] += source[row]: the gradient of `gatherRows`. */
  readonly scatterAddRows: {
    readonly rows: number
    readonly columns: number
    /** (rows, columns). */
    readonly source: DeviceBuffer
    /** i32 (rows): below the number of rows of `out`. */
    readonly indices: DeviceBuffer
    /** (outRows, columns); added to. */
    readonly out: DeviceBuffer
  }
}
