import type { DeviceBuffer, DType } from './device-buffer.js'
import type { Kernels } from './kernels.js'

/**
 * Memory and a fixed set of named kernels: the numeric steps of a small transformer, forward and backward. Code that
 * calls kernels on buffers runs on every device, and every device agrees with `reference` within the README's bounds.
 *
 * A device does not differentiate and does not compile. It records no graph and fuses no kernels: the caller calls
 * each backward kernel, with what the forward kernel kept. It is no array library either: a buffer has a length but
 * no shape, and the sizes in a call give it one. The caller allocates every buffer, outputs too, and disposes it. A
 * device knows nothing of models and losses, and it draws no random numbers.
 *
 * A kernel checks its arguments when it is called. Then it enqueues its work, which is done in the order of the calls;
 * only `read` and `sumOfSquares` wait for it. Work that fails afterwards makes a later call fail.
 */
export interface Device extends KernelMethods {
  readonly name: DeviceName
  /** Memory for `length` elements, all 0. Default f32. @throws PosttrainError `unsupported` if there is not enough */
  allocate(length: number, dtype?: DType): DeviceBuffer
  /**
   * Copies numbers to all of a buffer, as an array of its type takes them: an i32 buffer cuts fractions off and holds 0
   * for NaN. @throws PosttrainError `invalid-argument` if the lengths differ, or for an entry that is no number
   */
  write(buffer: DeviceBuffer, data: ArrayLike<number>): void
  /** Returns a copy of a buffer's elements, once the work enqueued before is done. */
  read(buffer: DeviceBuffer): Promise<Float64Array>
  /** Sets every element, as `write` does. @throws PosttrainError `invalid-argument` for a value that is no number */
  fill(buffer: DeviceBuffer, value: number): void
  /** Copies between two buffers of one dtype and one length that do not overlap. */
  copy(source: DeviceBuffer, target: DeviceBuffer): void
  /** Returns Σ x² of an f32 buffer, for instance to clip a global norm. */
  sumOfSquares(buffer: DeviceBuffer): Promise<number>
  /** Bytes allocated and not yet disposed. */
  readonly allocatedBytes: number
  /** Frees everything; afterwards no buffer of the device can be used. */
  dispose(): void
}

/** One method per kernel. @throws PosttrainError `invalid-argument`, naming the kernel, the argument and its value */
export type KernelMethods = { readonly [K in keyof Kernels]: (args: Kernels[K]) => void }

/** Names of the devices. */
export type DeviceName = 'wasm' | 'webgpu' | 'gpujs' | 'reference'
