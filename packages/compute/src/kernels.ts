import type { DeviceBuffer } from './device-buffer.js'
import type { Device } from './device.js'

/** Members of a device that take one record of sizes and buffers. */
export type KernelName = Exclude<
  keyof Device,
  'name' | 'allocate' | 'write' | 'read' | 'fill' | 'copy' | 'sumOfSquares' | 'allocatedBytes' | 'dispose'
>

/** Arguments of a kernel, as its caller writes them. */
export type KernelArguments<K extends KernelName> = Parameters<Device[K]>[0]

/** The same arguments as an implementation gets them: checked, and each buffer replaced by where it is. */
export type Placed<Arguments, Place> = {
  readonly [K in keyof Arguments]: NonNullable<Arguments[K]> extends DeviceBuffer
    ? Place | Extract<Arguments[K], undefined>
    : Arguments[K]
}

/** One kernel of a device whose kernels see buffers as `Place`. */
export type Kernel<K extends KernelName, Place> = (args: Placed<KernelArguments<K>, Place>) => void

/** All kernels of a device, or those named. */
export type Kernels<Place, K extends KernelName = KernelName> = { readonly [N in K]: Kernel<N, Place> }
