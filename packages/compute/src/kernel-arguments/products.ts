import type { DeviceBuffer } from '../device-buffer.js'

/** Buffers of one shape of problem: `m × k` times `k × n`, row-major. */
export interface MatmulArguments {
  readonly m: number
  readonly n: number
  readonly k: number
  /** m × k; with `transposeA`, stored k × m. */
  readonly a: DeviceBuffer
  /** k × n; with `transposeB`, stored n × k. */
  readonly b: DeviceBuffer
  /** m × n. */
  readonly out: DeviceBuffer
  readonly transposeA?: boolean
  readonly transposeB?: boolean
  /** Adds to `out` instead of replacing it. */
  readonly accumulate?: boolean
  /** n entries added to every row. */
  readonly bias?: DeviceBuffer
}

/** Column sums, for the gradient of a bias: out += Σ over rows of x. */
export interface SumRowsArguments {
  readonly rows: number
  readonly columns: number
  /** rows × columns. */
  readonly x: DeviceBuffer
  /** columns; accumulated into. */
  readonly out: DeviceBuffer
}
