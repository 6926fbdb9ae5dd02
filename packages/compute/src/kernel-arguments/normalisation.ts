import type { DeviceBuffer } from '../device-buffer.js'

/** out = (x − mean) / √(variance + ε) · gain + bias, row by row. */
export interface LayerNormArguments {
  readonly rows: number
  readonly columns: number
  readonly x: DeviceBuffer
  /** columns. */
  readonly gain: DeviceBuffer
  /** columns. */
  readonly bias: DeviceBuffer
  readonly out: DeviceBuffer
  /** rows × 2: mean and reciprocal standard deviation, kept for the backward pass. */
  readonly statistics: DeviceBuffer
  /** Default 1e-5. */
  readonly epsilon?: number
}

/** The reverse of `layerNorm`. */
export interface LayerNormBackwardArguments {
  readonly rows: number
  readonly columns: number
  readonly x: DeviceBuffer
  readonly gain: DeviceBuffer
  readonly statistics: DeviceBuffer
  readonly gradOut: DeviceBuffer
  /** Accumulated into: the residual stream's gradient is already there. */
  readonly gradX: DeviceBuffer
  /** Accumulated into. */
  readonly gradGain: DeviceBuffer
  /** Accumulated into. */
  readonly gradBias: DeviceBuffer
}

/** out = x / √(mean x² + ε) · gain, row by row. */
export interface RmsNormArguments {
  readonly rows: number
  readonly columns: number
  readonly x: DeviceBuffer
  /** columns. */
  readonly gain: DeviceBuffer
  readonly out: DeviceBuffer
  /** rows: reciprocal root mean square, kept for the backward pass. */
  readonly statistics: DeviceBuffer
  /** Default 1e-5. */
  readonly epsilon?: number
}

/** The reverse of `rmsNorm`. */
export interface RmsNormBackwardArguments {
  readonly rows: number
  readonly columns: number
  readonly x: DeviceBuffer
  readonly gain: DeviceBuffer
  readonly statistics: DeviceBuffer
  readonly gradOut: DeviceBuffer
  /** Accumulated into: the residual stream's gradient is already there. */
  readonly gradX: DeviceBuffer
  /** Accumulated into. */
  readonly gradGain: DeviceBuffer
}
