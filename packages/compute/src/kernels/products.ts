import type { DeviceBuffer } from '../device-buffer.js'

/** Products of matrices and sums of their rows. */
export interface ProductKernels {
  /** out = A·B + bias, or out += A·B + bias; each of A and B may be stored transposed. */
  readonly matmul: {
    /** Rows of A and of out. */
    readonly m: number
    /** Columns of B and of out. */
    readonly n: number
    /** Columns of A and rows of B. */
    readonly k: number
    /** (m, k); with `transposeA` stored as (k, m). */
    readonly a: DeviceBuffer
    /** (k, n); with `transposeB` stored as (n, k). */
    readonly b: DeviceBuffer
    /** (m, n); replaced, or added to with `accumulate`. */
    readonly out: DeviceBuffer
    /** (n), added to every row. Default: nothing is added. */
    readonly bias?: DeviceBuffer | undefined
    /** Default false. */
    readonly transposeA?: boolean | undefined
    /** Default false. */
    readonly transposeB?: boolean | undefined
    /** Default false. */
    readonly accumulate?: boolean | undefined
  }
  /** out += Σ over rows of x: the gradient of a bias. */
  readonly sumRows: {
    readonly rows: number
    readonly columns: number
    /** (rows, columns). */
    readonly x: DeviceBuffer
    /** (columns); added to. */
    readonly out: DeviceBuffer
  }
}
