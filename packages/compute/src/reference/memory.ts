import { unsupported } from '@posttrain/core'
import type { Memory } from '../assemble-device.js'
import type { StoredBuffer } from '../buffer.js'
import type { DType } from '../device.js'
import type { HostArray } from './reference-kernel.js'

const place = ({ allocation, offset, length }: StoredBuffer<HostArray>): HostArray =>
  allocation.storage.subarray(offset, offset + length)

function allocate(length: number, dtype: DType): HostArray {
  try {
    return dtype === 'i32' ? new Int32Array(length) : new Float64Array(length)
  } catch (cause) {
    throw unsupported(`there is no memory for ${length} elements: ${String(cause)}`, 'use smaller batches')
  }
}

/** Host memory: one array per allocation. */
export const hostMemory: Memory<HostArray, HostArray> = {
  allocate,
  free: () => {}, // the garbage collector's work once the buffer is forgotten
  place,
  write: (buffer, data) => place(buffer).set(data),
  read: async (buffer) => Float64Array.from(place(buffer)),
  fill: (buffer, value) => void place(buffer).fill(value),
  copy: (source, target) => place(target).set(place(source)),
  contents: place,
  sumOfSquares: async (buffer) => {
    let sum = 0
    for (const x of place(buffer)) sum += x * x
    return sum
  },
  dispose: () => {},
}
