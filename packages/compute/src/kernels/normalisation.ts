import type { DeviceBuffer } from '../device-buffer.js'

/** The ε of a normalisation that is given none. */
export const EPSILON = 1e-5

/** Normalisations of rows, forward and backward. */
export interface NormalisationKernels {
  /** out = (x − mean) / √(variance + ε) · gain + bias, row by row. */
  readonly layerNorm: {
    readonly rows: number
    readonly columns: number
    /** (rows, columns). */
    readonly x: DeviceBuffer
    /** (columns). */
    readonly gain: DeviceBuffer
    /** (columns). */
    readonly bias: DeviceBuffer
    /** (rows, columns); replaced. */
    readonly out: DeviceBuffer
    /** (rows, 2): mean and reciprocal standard deviation of each row; replaced, for the backward kernel. */
    readonly statistics: DeviceBuffer
    /** Above 0. Default 1e-5. */
    readonly epsilon?: number | undefined
  }
  /** The gradients of `layerNorm`. */
  readonly layerNormBackward: {
    readonly rows: number
    readonly columns: number
    /** (rows, columns): the input of the forward kernel. */
    readonly x: DeviceBuffer
    /** (columns). */
    readonly gain: DeviceBuffer
    /** (rows, 2): what the forward kernel kept. */
    readonly statistics: DeviceBuffer
    /** (rows, columns). */
    readonly gradOut: DeviceBuffer
    /** (rows, columns); added to, because the residual stream's gradient is already there. */
    readonly gradX: DeviceBuffer
    /** (columns); added to. */
    readonly gradGain: DeviceBuffer
    /** (columns); added to. */
    readonly gradBias: DeviceBuffer
  }
  /** out = x / √(mean x² + ε) · gain, row by row. */
  readonly rmsNorm: {
    readonly rows: number
    readonly columns: number
    /** (rows, columns). */
    readonly x: DeviceBuffer
    /** (columns). */
    readonly gain: DeviceBuffer
    /** (rows, columns); replaced. */
    readonly out: DeviceBuffer
    /** (rows): reciprocal root mean square of each row; replaced, for the backward kernel. */
    readonly statistics: DeviceBuffer
    /** Above 0. Default 1e-5. */
    readonly epsilon?: number | undefined
  }
  /** The gradients of `rmsNorm`. */
  readonly rmsNormBackward: {
    readonly rows: number
    readonly columns: number
    /** (rows, columns): the input of the forward kernel. */
    readonly x: DeviceBuffer
    /** (columns). */
    readonly gain: DeviceBuffer
    /** (rows): what the forward kernel kept. */
    readonly statistics: DeviceBuffer
    /** (rows, columns). */
    readonly gradOut: DeviceBuffer
    /** (rows, columns); added to, because the residual stream's gradient is already there. */
    readonly gradX: DeviceBuffer
    /** (columns); added to. */
    readonly gradGain: DeviceBuffer
  }
}
