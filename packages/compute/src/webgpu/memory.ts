import { sum, unsupported } from '@posttrain/core'
import type { Memory } from '../assemble-device.js'
import type { StoredBuffer } from '../buffer.js'
import { BufferUsage, MAP_MODE_READ } from './buffer-usage.js'
import type { CommandBatch } from './command-batch.js'
import { copy } from './copy.js'
import { fill } from './fill.js'
import type { Health } from './health.js'
import type { GpuPlace, Runner } from './runner.js'
import { sumOfSquares } from './sum-of-squares.js'

const place = ({ allocation, offset, length }: StoredBuffer<GPUBuffer>): GpuPlace => ({
  buffer: allocation.storage,
  offset,
  length,
})

/** Bytes of a buffer; at least 4, because WebGPU has no empty bindings. */
const bytesOf = (length: number): number => Math.max(4, 4 * length)

/** Creates a buffer for kernels. @throws PosttrainError `unsupported` if the GPU cannot bind so much at once */
export function createStorage(device: GPUDevice, health: Health, length: number): GPUBuffer {
  const { maxStorageBufferBindingSize, maxBufferSize } = device.limits
  const limit = Math.min(maxStorageBufferBindingSize, maxBufferSize)
  const size = bytesOf(length)
  if (size > limit) {
    throw unsupported(`${size} bytes are more than this GPU binds at once (${limit})`, 'use smaller batches')
  }
  return health.watchMemory(size, () =>
    device.createBuffer({ size, usage: BufferUsage.STORAGE | BufferUsage.COPY_SRC | BufferUsage.COPY_DST }),
  )
}

/** Reads elements back when all earlier work is done. */
async function readBack(device: GPUDevice, batch: CommandBatch, health: Health, from: GpuPlace): Promise<ArrayBuffer> {
  health.require()
  batch.flush()
  const size = 4 * from.length
  const usage = BufferUsage.MAP_READ | BufferUsage.COPY_DST
  const staging = health.watchMemory(size, () => device.createBuffer({ size: bytesOf(from.length), usage }))
  const encoder = device.createCommandEncoder()
  encoder.copyBufferToBuffer(from.buffer, 4 * from.offset, staging, 0, size)
  device.queue.submit([encoder.finish()])
  try {
    await staging.mapAsync(MAP_MODE_READ)
    const bytes = staging.getMappedRange(0, size).slice(0)
    staging.unmap()
    health.require()
    return bytes
  } catch (cause) {
    health.require()
    throw unsupported(`the GPU's memory cannot be read: ${String(cause)}`)
  } finally {
    staging.destroy()
  }
}

/** Buffers on a GPU. */
export function createGpuMemory(
  device: GPUDevice,
  batch: CommandBatch,
  gpu: Runner,
  health: Health,
): Omit<Memory<GPUBuffer, GpuPlace>, 'dispose'> {
  return {
    allocate(length) {
      health.require()
      return createStorage(device, health, length)
    },
    free(buffer) {
      batch.flush() // work that uses it must be submitted first
      buffer.destroy()
    },
    place,
    write(buffer, data) {
      batch.flush() // earlier work must not see the new contents
      const values = buffer.dtype === 'i32' ? new Int32Array(data) : new Float32Array(data)
      device.queue.writeBuffer(buffer.allocation.storage, 4 * buffer.offset, values)
    },
    async read(buffer) {
      const bytes = await readBack(device, batch, health, place(buffer))
      return Float64Array.from(buffer.dtype === 'i32' ? new Int32Array(bytes) : new Float32Array(bytes))
    },
    fill: (buffer, value) => fill(gpu, place(buffer), buffer.dtype, value),
    copy: (source, target) => copy(gpu, place(source), place(target)),
    async sumOfSquares(buffer) {
      const parts = await readBack(device, batch, health, sumOfSquares(gpu, place(buffer)))
      return sum(new Float32Array(parts))
    },
  }
}
