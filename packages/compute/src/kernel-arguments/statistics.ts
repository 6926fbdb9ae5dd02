import type { DeviceBuffer } from '../device-buffer.js'

/**
 * Means of resamples: out[r] = (1/n) Σ_j values[⌊n · uniforms[r, j]⌋], the replicates of a bootstrap. The index is
 * computed in f32 on every device and never exceeds n − 1.
 */
export interface BootstrapMeansArguments {
  readonly replicates: number
  readonly n: number
  /** n. */
  readonly values: DeviceBuffer
  /** replicates × n, on [0, 1). */
  readonly uniforms: DeviceBuffer
  /** replicates. */
  readonly out: DeviceBuffer
}

/**
 * Majority votes among k samples drawn with replacement from n: out[t] is the mean reward of the classes that got most of
 * the votes answers[⌊n · uniforms[t, j]⌋], j < k. The index is computed in f32 on every device and never exceeds n − 1.
 */
export interface MajorityVotesArguments {
  readonly trials: number
  readonly k: number
  readonly n: number
  readonly classes: number
  /** i32, n: the class of each sample's answer. */
  readonly answers: DeviceBuffer
  /** classes: the reward of each class. */
  readonly rewards: DeviceBuffer
  /** trials × k, on [0, 1). */
  readonly uniforms: DeviceBuffer
  /** trials. */
  readonly out: DeviceBuffer
}
