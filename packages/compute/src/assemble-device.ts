import { invalidArgument, requireInteger } from '@posttrain/core'
import { type Allocation, StoredBuffer } from './buffer.js'
import { checkArguments, writesNothing } from './checks/check-arguments.js'
import { requireBuffer } from './checks/check-buffer.js'
import { checkIndices } from './checks/check-indices.js'
import { requireData, requireDType, requireNumber } from './checks/check-numbers.js'
import type { DeviceBuffer, DType } from './device-buffer.js'
import type { Device, DeviceName, KernelMethods } from './device.js'
import type { Implementations, Placed } from './implementation.js'
import type { KernelName, Kernels } from './kernels.js'

/** A device's memory: it allocates `Storage`, and its kernels see a buffer as a `Place`. */
export interface Memory<Storage, Place> {
  /** All elements are 0. */
  allocate(length: number, dtype: DType): Storage
  free(storage: Storage): void
  place(buffer: StoredBuffer<Storage>): Place
  write(buffer: StoredBuffer<Storage>, data: ArrayLike<number>): void
  read(buffer: StoredBuffer<Storage>): Promise<Float64Array>
  fill(buffer: StoredBuffer<Storage>, value: number): void
  copy(source: StoredBuffer<Storage>, target: StoredBuffer<Storage>): void
  /** The elements as they are now. Missing if they cannot be read without waiting. */
  readonly contents?: ((buffer: StoredBuffer<Storage>) => ArrayLike<number>) | undefined
  sumOfSquares(buffer: StoredBuffer<Storage>): Promise<number>
  dispose(): void
}

/** Makes a device of a memory and kernels: it counts every buffer and checks every argument. */
export function assembleDevice<Storage, Place>(
  name: DeviceName,
  memory: Memory<Storage, Place>,
  kernels: Implementations<Place>,
): Device {
  const live = new Map<Allocation<Storage>, number>()
  let allocatedBytes = 0
  let disposed = false
  const owned = new WeakSet<Allocation<Storage>>()
  const own = (where: string, buffer: DeviceBuffer): StoredBuffer<Storage> =>
    requireBuffer<Storage>(where, buffer, (b) => owned.has(b.allocation))

  const release = (allocation: Allocation<Storage>): void => {
    allocatedBytes -= live.get(allocation) ?? 0
    live.delete(allocation)
    memory.free(allocation.storage)
  }

  const run = <K extends KernelName>(kernel: K, args: Kernels[K]): void => {
    const buffers = checkArguments<Storage, K>(kernel, args, (b) => owned.has(b.allocation))
    checkIndices(kernel, args, buffers, memory.contents)
    if (writesNothing(kernel, buffers)) return
    const placed: Record<string, unknown> = { ...args }
    for (const [argument, buffer] of buffers) placed[argument] = memory.place(buffer)
    kernels[kernel](placed as Placed<Kernels[K], Place>)
  }

  const base: Omit<Device, KernelName> = {
    name,
    allocate(length: number, dtype: DType = 'f32'): DeviceBuffer {
      requireInteger('allocate: length', length, { min: 0 })
      requireDType('allocate: dtype', dtype)
      if (disposed) throw invalidArgument(`allocate: the ${name} device was disposed`, 'create another one')
      const storage = memory.allocate(length, dtype)
      const allocation: Allocation<Storage> = { storage, length, live: true, free: () => release(allocation) }
      live.set(allocation, 4 * length)
      owned.add(allocation)
      allocatedBytes += 4 * length
      return new StoredBuffer(allocation, dtype, 0, length)
    },
    write(buffer: DeviceBuffer, data: ArrayLike<number>): void {
      const target = own('write: buffer', buffer)
      requireData('write: data', data, target)
      memory.write(target, data)
    },
    read: async (buffer: DeviceBuffer): Promise<Float64Array> => memory.read(own('read: buffer', buffer)),
    fill(buffer: DeviceBuffer, value: number): void {
      const target = own('fill: buffer', buffer)
      requireNumber('fill: value', value)
      memory.fill(target, value)
    },
    copy(source: DeviceBuffer, target: DeviceBuffer): void {
      const from = own('copy: source', source)
      const to = own('copy: target', target)
      if (from.dtype !== to.dtype) throw invalidArgument(`copy: target must be ${from.dtype}, but is ${to.dtype}`)
      if (from.length !== to.length) {
        throw invalidArgument(`copy: target must have ${from.length} elements as source, but has ${to.length}`)
      }
      if (from.overlaps(to)) throw invalidArgument('copy: target must not overlap source')
      memory.copy(from, to)
    },
    async sumOfSquares(buffer: DeviceBuffer): Promise<number> {
      const x = own('sumOfSquares: buffer', buffer)
      if (x.dtype !== 'f32') throw invalidArgument(`sumOfSquares: buffer must be f32, but is ${x.dtype}`)
      return memory.sumOfSquares(x)
    },
    get allocatedBytes(): number {
      return allocatedBytes
    },
    dispose(): void {
      for (const allocation of [...live.keys()]) {
        allocation.live = false
        release(allocation)
      }
      if (!disposed) memory.dispose()
      disposed = true
    },
  }
  const methods = (Object.keys(kernels) as KernelName[]).map((kernel) => [
    kernel,
    (args: Kernels[typeof kernel]) => run(kernel, args),
  ])
  return Object.assign(base, Object.fromEntries(methods) as KernelMethods)
}
