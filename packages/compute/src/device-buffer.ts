/** Types of a buffer's elements. On the `reference` device, f32 buffers hold float64. */
export type DType = 'f32' | 'i32'

/** A piece of a device's memory, or a window into one. Only `dispose` frees it: nothing there is garbage collected. */
export interface DeviceBuffer {
  readonly dtype: DType
  /** Number of elements. */
  readonly length: number
  /** Returns a window of `length` elements from `offset` on. It shares the memory and need not be disposed. */
  view(offset: number, length: number): DeviceBuffer
  /** Frees the memory; does nothing on a view. */
  dispose(): void
}
