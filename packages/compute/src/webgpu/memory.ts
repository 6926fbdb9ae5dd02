import { unsupported } from '@posttrain/core'
import type { Memory } from '../assemble-device.js'
import type { StoredBuffer } from '../buffer.js'

/** The flags of GPUBufferUsage (https://gpuweb.github.io/gpuweb/#buffer-usage), which Node has no global for. */
export const BufferUsage = { MAP_READ: 0x1, COPY_SRC: 0x4, COPY_DST: 0x8, UNIFORM: 0x40, STORAGE: 0x80 } as const

const MAP_MODE_READ = 0x1

/** How WebGPU kernels see a buffer; offset and length count elements. */
export interface GpuPlace {
  readonly buffer: GPUBuffer
  readonly offset: number
  readonly length: number
}

const place = ({ allocation, offset, length }: StoredBuffer<GPUBuffer>): GpuPlace => ({
  buffer: allocation.storage,
  offset,
  length,
})

/**
 * Buffers on a GPU.
 *
 * @param requireHealthy throws if the device was lost or has reported an error
 */
export function createGpuMemory(device: GPUDevice, requireHealthy: () => void): Memory<GPUBuffer, GpuPlace> {
  const create = (length: number, usage: number): GPUBuffer =>
    device.createBuffer({ size: Math.max(4, 4 * length), usage })

  const move = (from: GpuPlace, to: GpuPlace): void => {
    if (from.length === 0) return
    const encoder = device.createCommandEncoder()
    encoder.copyBufferToBuffer(from.buffer, 4 * from.offset, to.buffer, 4 * to.offset, 4 * from.length)
    device.queue.submit([encoder.finish()])
  }

  const write = (buffer: StoredBuffer<GPUBuffer>, data: ArrayLike<number>): void => {
    const { offset } = place(buffer)
    const values = buffer.dtype === 'i32' ? Int32Array.from(data) : Float32Array.from(data)
    device.queue.writeBuffer(buffer.allocation.storage, 4 * offset, values)
  }

  async function read(buffer: StoredBuffer<GPUBuffer>): Promise<Float64Array> {
    requireHealthy()
    const staging = create(buffer.length, BufferUsage.MAP_READ | BufferUsage.COPY_DST)
    move(place(buffer), { buffer: staging, offset: 0, length: buffer.length })
    try {
      await staging.mapAsync(MAP_MODE_READ)
    } catch (cause) {
      requireHealthy()
      throw unsupported(`the GPU's memory cannot be read: ${String(cause)}`)
    }
    requireHealthy()
    const bytes = staging.getMappedRange(0, 4 * buffer.length)
    const values = Float64Array.from(buffer.dtype === 'i32' ? new Int32Array(bytes) : new Float32Array(bytes))
    staging.unmap()
    staging.destroy()
    return values
  }

  return {
    allocate(length) {
      requireHealthy()
      const { maxStorageBufferBindingSize: limit } = device.limits
      if (4 * length > limit) {
        throw unsupported(`${4 * length} bytes are more than this GPU binds at once (${limit})`, 'use smaller batches')
      }
      return create(length, BufferUsage.STORAGE | BufferUsage.COPY_SRC | BufferUsage.COPY_DST)
    },
    free: (buffer) => buffer.destroy(),
    place,
    write,
    read,
    fill: (buffer, value) => write(buffer, new Float32Array(buffer.length).fill(value)),
    copy(source, target) {
      if (source.allocation !== target.allocation) {
        move(place(source), place(target))
        return
      }
      // WebGPU copies between two buffers only.
      const between = create(source.length, BufferUsage.COPY_SRC | BufferUsage.COPY_DST)
      const middle = { buffer: between, offset: 0, length: source.length }
      move(place(source), middle)
      move(middle, place(target))
      between.destroy()
    },
    sumOfSquares: async (buffer) => (await read(buffer)).reduce((sum, x) => sum + x * x, 0),
    dispose: () => device.destroy(),
  }
}
