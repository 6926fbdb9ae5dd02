import type { DeviceBuffer } from './device-buffer.js'
import type { KernelName, Kernels } from './kernels.js'

/** Arguments of a kernel as an implementation gets them: checked, and with the place of each buffer instead of it. */
export type Placed<Arguments, Place> = {
  readonly [K in keyof Arguments]: NonNullable<Arguments[K]> extends DeviceBuffer
    ? Place | Extract<Arguments[K], undefined>
    : Arguments[K]
}

/** One kernel of a device whose kernels see a buffer as a `Place`. */
export type Implementation<K extends KernelName, Place> = (args: Placed<Kernels[K], Place>) => void

/** All kernels of such a device, or those named. */
export type Implementations<Place, K extends KernelName = KernelName> = {
  readonly [N in K]: Implementation<N, Place>
}
