import type { DeviceBuffer } from '../device-buffer.js'

/** Updates of parameters. */
export interface OptimizerKernels {
  /**
   * One AdamW step, in place, with g = gradientScale · gradients and t = step:
   * m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; m̂ = m/(1 − β₁ᵗ); v̂ = v/(1 − β₂ᵗ); p ← p·(1 − η·λ) − η·m̂/(√v̂ + ε).
   */
  readonly adamW: {
    readonly length: number
    /** (length): p; changed in place. */
    readonly parameters: DeviceBuffer
    /** (length). */
    readonly gradients: DeviceBuffer
    /** (length): m, initially 0; changed in place. */
    readonly firstMoment: DeviceBuffer
    /** (length): v, initially 0; changed in place. */
    readonly secondMoment: DeviceBuffer
    /** t, 1 for the first step. */
    readonly step: number
    /** η. */
    readonly learningRate: number
    /** β₁ and β₂, at least 0 and below 1. */
    readonly betas: readonly [number, number]
    /** ε. */
    readonly epsilon: number
    /** λ. */
    readonly weightDecay: number
    /** Factor on the gradients, for instance to clip their global norm. */
    readonly gradientScale: number
  }
}
