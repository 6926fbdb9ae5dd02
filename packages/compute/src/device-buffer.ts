/** Element types a device stores. `f32` buffers of the `reference` device hold float64. */
export type DType = 'f32' | 'i32'

/** Memory on a device, or a window into some. Freed by `dispose` alone: nothing on a device is garbage collected. */
export interface DeviceBuffer {
  readonly dtype: DType
  /** Number of elements. */
  readonly length: number
  /** A window of `length` elements from `offset` on; it shares the memory and need not be disposed. */
  view(offset: number, length: number): DeviceBuffer
  /** Frees the memory; of a view, nothing. */
  dispose(): void
}
