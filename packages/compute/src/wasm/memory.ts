import { unsupported } from '@posttrain/core'
import type { Memory } from '../assemble-device.js'
import type { StoredBuffer } from '../buffer.js'
import { align, ALIGNMENT } from './align.js'
import { createHeap } from './heap.js'
import type { Instance } from './instantiate.js'

/** Bytes by which a memory grows. */
const PAGE = 65536

/** Kernels may read up to a vector past a buffer's end; nothing is ever written there. */
const SLACK = 64

/** Memory of one WASM instance, and scratch memory for its kernels. */
export interface WasmMemory extends Memory<number, number> {
  /** Returns the address of at least so many bytes, which the next call may give away again. */
  readonly scratch: (bytes: number) => number
}

/** Buffers in the memory of an instance, which grows as needed. Kernels see addresses. */
export function createWasmMemory({ exports, memory }: Instance): WasmMemory {
  let scratchAddress = 0
  let scratchSize = 0
  const start = align(exports.heapStart())
  let spare = memory.buffer.byteLength - start - SLACK // bytes that the heap does not have yet

  const grow = (bytes: number): number => {
    const pages = Math.max(0, Math.ceil((bytes - spare) / PAGE))
    try {
      memory.grow(pages)
    } catch (cause) {
      const size = memory.buffer.byteLength
      throw unsupported(
        `the wasm device cannot grow its memory of ${size} bytes by ${bytes}: ${String(cause)}`,
        'use smaller batches, or dispose buffers that are no longer needed',
      )
    }
    const added = Math.floor((spare + pages * PAGE) / ALIGNMENT) * ALIGNMENT
    spare += pages * PAGE - added
    return added
  }
  const heap = createHeap(start, grow)

  // When the memory grows, every view of it is detached: a view is made for one use.
  const place = ({ allocation, offset }: StoredBuffer<number>): number => allocation.storage + 4 * offset
  const contents = (buffer: StoredBuffer<number>): Float32Array | Int32Array =>
    buffer.dtype === 'i32'
      ? new Int32Array(memory.buffer, place(buffer), buffer.length)
      : new Float32Array(memory.buffer, place(buffer), buffer.length)

  return {
    allocate(length) {
      const address = heap.allocate(4 * length)
      new Uint8Array(memory.buffer, address, 4 * length).fill(0)
      return address
    },
    free: (address) => heap.free(address),
    place,
    contents,
    write: (buffer, data) => contents(buffer).set(data),
    read: async (buffer) => Float64Array.from(contents(buffer)),
    fill: (buffer, value) => void contents(buffer).fill(value),
    copy: (source, target) => contents(target).set(contents(source)),
    sumOfSquares: async (buffer) => exports.sumOfSquares(buffer.length, place(buffer)),
    scratch(bytes) {
      if (bytes > scratchSize) {
        if (scratchSize > 0) heap.free(scratchAddress)
        scratchSize = 0 // in case there is no memory
        scratchAddress = heap.allocate(bytes)
        scratchSize = bytes
      }
      return scratchAddress
    },
    dispose: () => {}, // the instance and its memory are garbage once the device is forgotten
  }
}
