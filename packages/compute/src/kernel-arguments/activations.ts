import type { DeviceBuffer } from '../device-buffer.js'

/** `gelu` is the tanh approximation that GPT-2 uses; `silu` is x·σ(x). */
export type Activation = 'relu' | 'gelu' | 'silu'

/** out = f(x), entry by entry. */
export interface ActivationArguments {
  readonly kind: Activation
  readonly length: number
  readonly x: DeviceBuffer
  /** May be `x`. */
  readonly out: DeviceBuffer
}

/** gradX = f′(x) · gradOut, entry by entry. */
export interface ActivationBackwardArguments {
  readonly kind: Activation
  readonly length: number
  /** Input of the forward pass. */
  readonly x: DeviceBuffer
  readonly gradOut: DeviceBuffer
  /** Replaced; may be `gradOut`. */
  readonly gradX: DeviceBuffer
}

/** out = silu(gate) · up, entry by entry, where a row of x is its gate and its up projection side by side. */
export interface SwigluArguments {
  readonly rows: number
  readonly columns: number
  /** rows × (2 · columns): gate, then up. */
  readonly x: DeviceBuffer
  /** rows × columns. */
  readonly out: DeviceBuffer
}

/** The reverse of `swiglu`. */
export interface SwigluBackwardArguments {
  readonly rows: number
  readonly columns: number
  /** Input of the forward pass. */
  readonly x: DeviceBuffer
  /** rows × columns. */
  readonly gradOut: DeviceBuffer
  /** rows × (2 · columns); replaced; may be `x`. */
  readonly gradX: DeviceBuffer
}
