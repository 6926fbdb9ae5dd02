import type { DeviceBuffer } from '../device-buffer.js'

/** p ← p·(1 − lr·decay) − lr·m̂/(√v̂ + ε); m and v are updated in place. */
export interface AdamWArguments {
  readonly length: number
  readonly parameters: DeviceBuffer
  readonly gradients: DeviceBuffer
  readonly firstMoment: DeviceBuffer
  readonly secondMoment: DeviceBuffer
  /** 1 for the first step. */
  readonly step: number
  readonly learningRate: number
  readonly betas: readonly [number, number]
  readonly epsilon: number
  readonly weightDecay: number
  /** Factor on the gradients (global-norm clipping). */
  readonly gradientScale: number
}
