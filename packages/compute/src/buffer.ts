import { invalidArgument, requireInteger } from '@posttrain/core'
import type { DeviceBuffer, DType } from './device-buffer.js'

/** One piece of a device's memory and the windows onto it. `Storage` is an array, an address or a GPU buffer. */
export interface Allocation<Storage> {
  readonly storage: Storage
  /** Number of elements. */
  readonly length: number
  readonly free: () => void
  live: boolean
}

/** The buffer of every device: a window of `length` elements from `offset` on into an allocation. */
export class StoredBuffer<Storage> implements DeviceBuffer {
  readonly allocation: Allocation<Storage>
  readonly dtype: DType
  readonly offset: number
  readonly length: number
  private readonly isView: boolean

  constructor(allocation: Allocation<Storage>, dtype: DType, offset: number, length: number, isView = false) {
    this.allocation = allocation
    this.dtype = dtype
    this.offset = offset
    this.length = length
    this.isView = isView
  }

  view(offset: number, length: number): StoredBuffer<Storage> {
    if (!this.allocation.live) throw invalidArgument('view: the buffer was disposed')
    requireInteger('view: offset', offset, { min: 0, max: this.length })
    requireInteger('view: length', length, { min: 0, max: this.length - offset })
    return new StoredBuffer(this.allocation, this.dtype, this.offset + offset, length, true)
  }

  /** Frees the memory; does nothing on a view, or when called again. */
  dispose(): void {
    if (this.isView || !this.allocation.live) return
    this.allocation.live = false
    this.allocation.free()
  }

  /** True if the two windows share an element. */
  overlaps(other: StoredBuffer<Storage>): boolean {
    return (
      this.allocation === other.allocation &&
      this.offset < other.offset + other.length &&
      other.offset < this.offset + this.length
    )
  }
}
