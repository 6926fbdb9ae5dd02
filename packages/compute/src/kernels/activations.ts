import type { DeviceBuffer } from '../device-buffer.js'

/** `gelu` is the tanh approximation that GPT-2 uses; `silu` is x·σ(x). */
export type Activation = 'relu' | 'gelu' | 'silu'

/** Activations, forward and backward. */
export interface ActivationKernels {
  /** out = f(x), entry by entry, with f ReLU, tanh-GELU or SiLU. */
  readonly activation: {
    readonly kind: Activation
    readonly length: number
    /** (length). */
    readonly x: DeviceBuffer
    /** (length); replaced. May be `x`. */
    readonly out: DeviceBuffer
  }
  /** gradX = f′(x) · gradOut, entry by entry. */
  readonly activationBackward: {
    readonly kind: Activation
    readonly length: number
    /** (length): the input of the forward kernel. */
    readonly x: DeviceBuffer
    /** (length). */
    readonly gradOut: DeviceBuffer
    /** (length); replaced. May be `gradOut`. */
    readonly gradX: DeviceBuffer
  }
  /** out = silu(gate) · up, entry by entry. A row of x holds its gates, then its up projections. */
  readonly swiglu: {
    readonly rows: number
    readonly columns: number
    /** (rows, 2, columns): gate and up projection. */
    readonly x: DeviceBuffer
    /** (rows, columns); replaced. */
    readonly out: DeviceBuffer
  }
  /** The gradient of `swiglu`. */
  readonly swigluBackward: {
    readonly rows: number
    readonly columns: number
    /** (rows, 2, columns): the input of the forward kernel. */
    readonly x: DeviceBuffer
    /** (rows, columns). */
    readonly gradOut: DeviceBuffer
    /** (rows, 2, columns); replaced. May be `x`. */
    readonly gradX: DeviceBuffer
  }
}
