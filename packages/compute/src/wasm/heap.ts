import { align } from './align.js'

interface FreeBlock {
  start: number
  size: number
}

/** Addresses in a linear memory. */
export interface Heap {
  /** Address of `bytes` free bytes, a multiple of the alignment. */
  allocate(bytes: number): number
  free(address: number): void
}

/**
 * A free list with best fit. A block that is freed joins its free neighbours, so that a program that allocates and
 * frees in a loop keeps its memory flat. There is one record per hole, and holes are few.
 *
 * @param start first usable address, a multiple of the alignment
 * @param grow makes the memory larger by at least so many bytes; returns how many, a multiple of the alignment
 */
export function createHeap(start: number, grow: (bytes: number) => number): Heap {
  let end = start
  const free: FreeBlock[] = [] // by address
  const sizes = new Map<number, number>()

  const insert = (block: FreeBlock): FreeBlock => {
    let at = free.findIndex((other) => other.start > block.start)
    if (at < 0) at = free.length
    free.splice(at, 0, block)
    const next = free[at + 1]
    if (next && block.start + block.size === next.start) {
      block.size += next.size
      free.splice(at + 1, 1)
    }
    const previous = free[at - 1]
    if (previous && previous.start + previous.size === block.start) {
      previous.size += block.size
      free.splice(at, 1)
      return previous
    }
    return block
  }

  const bestFit = (size: number): FreeBlock | undefined => {
    let best: FreeBlock | undefined
    for (const block of free) {
      if (block.size >= size && (best === undefined || block.size < best.size)) best = block
    }
    return best
  }

  const extend = (size: number): FreeBlock => {
    const last = free.at(-1)
    const atEnd = last !== undefined && last.start + last.size === end ? last.size : 0
    const added = grow(size - atEnd)
    const block = insert({ start: end, size: added })
    end += added
    return block
  }

  return {
    allocate(bytes: number): number {
      const size = align(Math.max(1, bytes))
      const block = bestFit(size) ?? extend(size)
      const address = block.start
      block.start += size
      block.size -= size
      if (block.size === 0) free.splice(free.indexOf(block), 1)
      sizes.set(address, size)
      return address
    },
    free(address: number): void {
      insert({ start: address, size: sizes.get(address)! })
      sizes.delete(address)
    },
  }
}
