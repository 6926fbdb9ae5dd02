import { unsupported } from '@posttrain/core'
import type { Memory } from './assemble-device.js'
import type { StoredBuffer } from './buffer.js'

/** An allocation in host memory: f32 as `Floats`, i32 as int32. */
export type HostArray<Floats extends Float64Array | Float32Array = Float64Array> = Floats | Int32Array

/**
 * Memory of devices that compute in host memory: one array per allocation.
 *
 * @param floats makes the array of an f32 buffer; the reference device uses float64
 */
export function createHostMemory<Floats extends Float64Array | Float32Array>(
  floats: (length: number) => Floats,
): Memory<HostArray<Floats>, HostArray<Floats>> {
  const place = ({ allocation, offset, length }: StoredBuffer<HostArray<Floats>>): HostArray<Floats> =>
    allocation.storage.subarray(offset, offset + length) as HostArray<Floats>
  return {
    allocate(length, dtype) {
      try {
        return dtype === 'i32' ? new Int32Array(length) : floats(length)
      } catch (cause) {
        throw unsupported(`there is no memory for ${length} elements: ${String(cause)}`, 'use smaller batches')
      }
    },
    free: () => {}, // the array is garbage once the buffer is forgotten
    place,
    contents: place,
    write: (buffer, data) => place(buffer).set(data),
    read: async (buffer) => Float64Array.from(place(buffer)),
    fill: (buffer, value) => void place(buffer).fill(value),
    copy: (source, target) => place(target).set(place(source)),
    sumOfSquares: async (buffer) => {
      let sum = 0
      for (const x of place(buffer)) sum += x * x
      return sum
    },
    dispose: () => {},
  }
}
