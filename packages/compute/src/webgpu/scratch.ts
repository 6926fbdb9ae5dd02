import type { CommandBatch } from './command-batch.js'
import type { GpuPlace } from './runner.js'

/** One buffer that each kernel may use while it runs; it is as large as the most that was asked for. */
export function createScratch(
  batch: CommandBatch,
  create: (length: number) => GPUBuffer,
): (length: number) => GpuPlace {
  let buffer: GPUBuffer | undefined
  let capacity = 0
  return (length) => {
    if (buffer === undefined || length > capacity) {
      const larger = create(length)
      batch.flush() // work that uses the old one must be submitted first
      buffer?.destroy()
      ;[buffer, capacity] = [larger, length]
    }
    return { buffer, offset: 0, length }
  }
}
